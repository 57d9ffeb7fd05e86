using Dlt.Golden.Harness;

namespace Dlt.Golden.Refusals;

/// <summary>What is refused on purpose.</summary>
/// <param name="Name">Such as <c>iceberg.orc</c>.</param>
/// <param name="AppliesTo">Whether a case is about it, told by its content.</param>
/// <param name="Assert">Asserts that it is refused by name; null where C# has no word for it, so that nobody can ask.</param>
internal sealed record Refusal(string Name, Func<GoldenCase, bool> AppliesTo, Action<GoldenCase>? Assert);

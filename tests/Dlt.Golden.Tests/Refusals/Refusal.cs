using Dlt.Golden.Harness;

namespace Dlt.Golden.Refusals;

/// <summary>A feature that is refused on purpose.</summary>
/// <param name="Name">Such as <c>iceberg.orc</c>.</param>
/// <param name="AppliesTo">Returns true for a case that uses it, judged by its content.</param>
/// <param name="Assert">Asserts that it is refused by name; null when C# has no way to ask for it.</param>
internal sealed record Refusal(string Name, Func<GoldenCase, bool> AppliesTo, Action<GoldenCase>? Assert);

using Dlt.Golden.Harness;

namespace Dlt.Golden.Gaps;

/// <summary>
/// A feature of dlt that is not built yet: the cases that need it are counted, not run. README's "Not yet" lists <paramref name="Words"/>.
/// </summary>
/// <param name="Feature">Such as <c>merge.upsert</c>.</param>
/// <param name="Words">The name for users.</param>
/// <param name="Needs">Returns true for a case that needs it, judged by its content.</param>
internal sealed record Gap(string Feature, string Words, Func<GoldenCase, bool> Needs);

using Dlt.Golden.Harness;

namespace Dlt.Golden.Differences;

/// <summary>
/// An intended difference from Python dlt: the cases that it concerns, found by their content, and the rewritten form of
/// dlt's expectation.
/// Its name is the anchor of the line in <c>docs/differences.md</c> that describes it to users.
/// </summary>
internal abstract class Difference(string name)
{
    public string Name { get; } = name;

    /// <summary>Looks at kind, values, settings and errors of a case, never at its id.</summary>
    public abstract bool AppliesTo(GoldenCase golden);

    /// <summary>The case with our expectation; several cases where parts of it are refused.</summary>
    public abstract IEnumerable<GoldenCase> Rewrite(GoldenCase golden);
}

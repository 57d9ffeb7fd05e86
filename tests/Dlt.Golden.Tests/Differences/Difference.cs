using Dlt.Golden.Harness;

namespace Dlt.Golden.Differences;

/// <summary>
/// Something that dlt for .NET decides otherwise than Python dlt: which cases it concerns, told by their content, and what becomes of
/// dlt's expectation.
/// Its name is the anchor of the line in <c>docs/differences.md</c> that tells it to users.
/// </summary>
internal abstract class Difference(string name)
{
    public string Name { get; } = name;

    /// <summary>Looks at kind, values, settings and errors of a case, never at its id.</summary>
    public abstract bool AppliesTo(GoldenCase golden);

    /// <summary>The case with our expectation; several cases where parts of it are refused.</summary>
    public abstract IEnumerable<GoldenCase> Rewrite(GoldenCase golden);
}

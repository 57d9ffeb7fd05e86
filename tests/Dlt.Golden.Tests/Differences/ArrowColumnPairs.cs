using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;

namespace Dlt.Golden.Differences;

/// <summary>A difference that concerns columns of Arrow tables that come later with another type.</summary>
internal abstract class ArrowColumnPairs(string name) : Difference(name)
{
    public override bool AppliesTo(GoldenCase golden) => PairsOf(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [PairsOf(golden).Aggregate(golden, (rewritten, pair) => Rewrite(rewritten, pair.Before, pair.After))];

    /// <summary>The columns of each table and name, in the order of the Arrow tables.</summary>
    protected static IEnumerable<IEnumerable<ArrowColumn>> Columns(GoldenCase golden) =>
        ArrowColumns.Of(golden).GroupBy(c => (c.Table, c.Name));

    /// <summary>The column as it was, and as it came later.</summary>
    protected abstract IEnumerable<(ArrowColumn Before, ArrowColumn After)> PairsOf(GoldenCase golden);

    protected abstract GoldenCase Rewrite(GoldenCase golden, ArrowColumn before, ArrowColumn after);
}

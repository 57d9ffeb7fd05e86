using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A narrower integer in a later Arrow table leaves the column as it is; dlt narrows the column, and files of both widths lie side by
/// side.
/// </summary>
internal sealed class ArrowNarrowerType() : Difference("arrow-narrower-type")
{
    public override bool AppliesTo(GoldenCase golden) => Narrowed(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [Narrowed(golden).Aggregate(golden, (rewritten, pair) => Rewrite(rewritten, pair.Wide, pair.Narrow))];

    private static GoldenCase Rewrite(GoldenCase golden, ArrowColumn wide, ArrowColumn narrow)
    {
        var bits = ArrowColumns.Bits(wide.Field.DataType)!.Value;
        JsonValue Widened(JsonValue known) => bits == 64 ? known.Without("precision") : known.With("precision", JsonValue.Integer(bits));
        golden = PipelineEdit.MapColumn(golden, narrow.Run, narrow.Table, narrow.Name, Widened);
        return PipelineEdit.MapFileType(golden, narrow.Run, narrow.Table, narrow.Name, _ => $"int{bits}");
    }

    private static IEnumerable<(ArrowColumn Wide, ArrowColumn Narrow)> Narrowed(GoldenCase golden)
    {
        foreach (var column in ArrowColumns.Of(golden).GroupBy(c => (c.Table, c.Name)))
        {
            ArrowColumn? widest = null;
            foreach (var one in column.Where(c => ArrowColumns.Bits(c.Field.DataType) is not null && c.Declared?["data_type"] is null))
            {
                if (widest is not null && ArrowColumns.Bits(one.Field.DataType) < ArrowColumns.Bits(widest.Field.DataType)) yield return (
                    widest, one);
                else widest = one;
            }
        }
    }
}

using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A narrower integer in a later Arrow table leaves the column as it is; dlt narrows the column, and files of both widths lie side by
/// side.
/// </summary>
internal sealed class ArrowNarrowerType() : ArrowColumnPairs("arrow-narrower-type")
{
    protected override GoldenCase Rewrite(GoldenCase golden, ArrowColumn before, ArrowColumn after)
    {
        var bits = ArrowColumns.Bits(before.Field.DataType)!.Value;
        JsonValue Widened(JsonValue known) => bits == 64 ? known.Without("precision") : known.With("precision", JsonValue.Integer(bits));
        golden = PipelineEdit.MapColumn(golden, after.Run, after.Table, after.Name, Widened);
        return PipelineEdit.MapFileType(golden, after.Run, after.Table, after.Name, _ => $"int{bits}");
    }

    protected override IEnumerable<(ArrowColumn Before, ArrowColumn After)> PairsOf(GoldenCase golden)
    {
        foreach (var column in Columns(golden))
        {
            ArrowColumn? widest = null;
            foreach (var one in column.Where(c => ArrowColumns.Bits(c.Field.DataType) is not null && c.Declared?["data_type"] is null))
            {
                if (widest is not null && ArrowColumns.Bits(one.Field.DataType) < ArrowColumns.Bits(widest.Field.DataType))
                    yield return (widest, one);
                else widest = one;
            }
        }
    }
}

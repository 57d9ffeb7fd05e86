using System.Globalization;
using Apache.Arrow;

namespace Dlt.Items;

/// <summary>
/// Checks that all columns of a batch have as many values as the batch has rows. Otherwise values would be loaded into other rows.
/// </summary>
internal static class BatchLengths
{
    /// <summary>Returns the batch, after checking the columns and their nested fields.</summary>
    /// <exception cref="InvalidOperationException">A column has fewer or more values than the batch has rows.</exception>
    public static RecordBatch Checked(RecordBatch batch)
    {
        for (var i = 0; i < batch.ColumnCount; i++) Check(batch.Column(i), batch.Length, batch.Schema.GetFieldByIndex(i).Name);
        return batch;
    }

    private static void Check(IArrowArray array, int rows, string name)
    {
        if (array.Length != rows)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Column '{name}' of a batch has {array.Length} values for {rows} rows, so values would be loaded into other rows. "
                + $"Nothing of this run was loaded, and the state is as before. This is an error of dlt, or of the reader that made the "
                + $"batch: report it with the input."));
        }

        switch (array)
        {
            case StructArray structs:
                var type = (Apache.Arrow.Types.StructType)structs.Data.DataType;
                for (var i = 0; i < structs.Fields.Count; i++) Check(structs.Fields[i], rows, $"{name}.{type.Fields[i].Name}");
                break;
            case ListArray { Length: > 0 } lists when lists.ValueOffsets[lists.Length] > lists.Values.Length:
                Check(lists.Values, lists.ValueOffsets[lists.Length], $"{name}.item");
                break;
        }
    }
}

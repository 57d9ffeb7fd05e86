using Apache.Arrow;
using Dlt.Batches.Values;
using Dlt.Items;

namespace Dlt.Batches;

/// <summary>Converts rows of a batch to items, and selects rows and columns.</summary>
internal static class BatchRows
{
    /// <summary>Returns each row as an item. Values without a JSON type have a type marker.</summary>
    public static IEnumerable<JsonValue> ToItems(RecordBatch batch)
    {
        var row = Items(batch);
        for (var i = 0; i < batch.Length; i++) yield return row(i);
    }

    /// <summary>Returns a function that creates the item of a row.</summary>
    public static Func<int, JsonValue> Items(RecordBatch batch) => Items(batch, [.. Enumerable.Range(0, batch.ColumnCount)]);

    /// <summary>Returns a function that creates the item of a row from these columns.</summary>
    public static Func<int, JsonValue> Items(RecordBatch batch, IReadOnlyList<int> columns)
    {
        var fields = columns.Select(c => (batch.Schema.GetFieldByIndex(c).Name, Values: ArrowValues.Of(batch.Column(c)))).ToList();
        return row => JsonValue.Object(fields.Select(f => KeyValuePair.Create(f.Name, f.Values.ToJson(row))));
    }

    /// <summary>Returns a batch of these rows, in this order.</summary>
    public static RecordBatch Take(RecordBatch batch, IReadOnlyList<int> rows)
    {
        if (rows.Count == batch.Length && rows.Select((row, at) => row == at).All(isSame => isSame)) return batch;
        var columns = batch.Arrays.Select(column =>
        {
            var runs = new List<IArrowArray>();
            for (var i = 0; i < rows.Count;)
            {
                var end = i + 1;
                while (end < rows.Count && rows[end] == rows[end - 1] + 1) end++;
                runs.Add(ArrowArrayFactory.Slice(column, rows[i], end - i));
                i = end;
            }

            return runs.Count switch
            {
                0 => ArrowArrayFactory.Slice(column, 0, 0),
                1 => runs[0],
                _ => ArrowArrayConcatenator.Concatenate(runs),
            };
        });
        return new(batch.Schema, columns, rows.Count);
    }

    /// <summary>Returns a batch of these columns.</summary>
    public static RecordBatch Select(RecordBatch batch, IReadOnlyList<int> columns)
    {
        if (columns.Count == BatchLengths.Checked(batch).ColumnCount) return batch;
        var schema = new Apache.Arrow.Schema(columns.Select(batch.Schema.GetFieldByIndex), batch.Schema.Metadata);
        return new(schema, columns.Select(batch.Column), batch.Length);
    }
}

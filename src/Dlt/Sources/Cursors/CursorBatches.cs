using Apache.Arrow;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Filters the rows of batches with a cursor. Only the cursor's column is read for all rows, and the key columns for the last rows.
/// </summary>
internal static class CursorBatches
{
    /// <summary>Returns the rows of a batch of items that the run loads.</summary>
    /// <returns>Indexes of the rows, in ascending order.</returns>
    /// <exception cref="IncrementalException">A row has no cursor value, or one that cannot be compared.</exception>
    public static List<int> FilterRows(this IncrementalCursor cursor, RecordBatch batch)
    {
        var items = new BatchItems(cursor, batch);
        var index = cursor.Path.Field is { } field ? batch.Schema.GetFieldIndex(field) : -1;
        Func<int, CursorSample> sampleOf = index >= 0
            ? ColumnSamples.Of(batch.Column(index))
            : row => CursorSample.Of(cursor.Path.FirstIn(items.Whole(row)));
        var kept = new List<int>(batch.Length);
        cursor.ForgetPlace();
        for (var row = 0; row < batch.Length; row++)
            if (cursor.Takes(sampleOf(row), items, row)) kept.Add(row);
        cursor.Hash();
        return kept;
    }

    /// <summary>
    /// Returns the rows of an Arrow table that the run loads. Rows without a cursor value come last (docs/spec/pipeline.md 8.4).
    /// </summary>
    /// <returns>Indexes of the rows.</returns>
    /// <exception cref="IncrementalException">
    /// The table does not have the column of the cursor or of the key, or a value cannot be compared.
    /// </exception>
    public static List<int> FilterTable(this IncrementalCursor cursor, RecordBatch table)
    {
        bool isStartOut = false, isEndOut = false;
        var sampleOf = ColumnSamples.Of(table.Column(ColumnOf(cursor, table, cursor.Path.Text)));
        foreach (var name in cursor.Key ?? []) ColumnOf(cursor, table, name);
        var items = new BatchItems(cursor, table);
        List<int> kept = [], missing = [];
        for (var row = 0; row < table.Length; row++)
        {
            var sample = sampleOf(row);
            if (cursor.Takes(sample, items, row, isTable: true)) (sample.Kind == SampleKind.Missing ? missing : kept).Add(row);
            isStartOut |= cursor.Place.IsStartOut;
            isEndOut |= cursor.Place.IsEndOut;
        }

        cursor.SetPlace(isStartOut, isEndOut);
        cursor.Hash();
        return [.. kept, .. missing];
    }

    private static int ColumnOf(IncrementalCursor cursor, RecordBatch table, string name)
    {
        if (table.Schema.GetFieldIndex(name) is >= 0 and var index) return index;
        throw cursor.Problem(
            $"an Arrow table has no column '{name}'. For Arrow tables the path must be the name of a column, as in the data.");
    }
}

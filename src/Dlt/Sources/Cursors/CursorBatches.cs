using Apache.Arrow;
using Dlt.Batches;
using Dlt.Batches.Values;

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
        var whole = BatchRows.Items(batch);
        var index = cursor.Path.Field is { } field ? batch.Schema.GetFieldIndex(field) : -1;
        Func<int, JsonValue?> valueOf = index >= 0 ? ArrowValues.Of(batch.Column(index)).ToJson : row => cursor.Path.FirstIn(whole(row));
        var key = cursor.Key;
        var lacksKey = key?.Any(k => batch.Schema.GetFieldIndex(k) < 0) ?? false;
        var keys = key is null || lacksKey ? whole : BatchRows.Items(batch, [.. key.Select(k => batch.Schema.GetFieldIndex(k))]);
        var kept = new List<int>(batch.Length);
        cursor.ForgetPlace();
        for (var row = 0; row < batch.Length; row++)
        {
            var current = row;
            cursor.ForgetPlace();
            if (cursor.Takes(valueOf(row), () => cursor.Hashed(keys(current)), lacksKey) ?? cursor.IncludesMissing()) kept.Add(row);
        }

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
        var values = ArrowValues.Of(table.Column(ColumnOf(cursor, table, cursor.Path.Text)));
        var hashedColumns = cursor.Key?.Select(name => ColumnOf(cursor, table, name)) ?? Enumerable.Range(0, table.ColumnCount);
        var items = BatchRows.Items(table, [.. hashedColumns]);
        List<int> kept = [], missing = [];
        for (var row = 0; row < table.Length; row++)
        {
            var current = row;
            cursor.ForgetPlace();
            var takes = cursor.Takes(values.ToJson(row), () => cursor.Hashed(items(current)), mayLackKey: false, isTable: true);
            if (takes == true) kept.Add(row);
            else if (takes is null && cursor.IncludesMissing()) missing.Add(row);
            isStartOut |= cursor.IsStartOutOfRange;
            isEndOut |= cursor.IsEndOutOfRange;
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

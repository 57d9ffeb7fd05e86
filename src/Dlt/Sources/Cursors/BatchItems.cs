using Apache.Arrow;
using Dlt.Batches;

namespace Dlt.Sources.Cursors;

/// <summary>Rows of a batch that may have the last value of a cursor. Only the columns of the key are read, if there are any.</summary>
internal sealed class BatchItems : IBorderItems
{
    private readonly IncrementalCursor _cursor;
    private readonly Lazy<Func<int, JsonValue>> _whole;
    private readonly Lazy<Func<int, JsonValue>> _keyed;

    public BatchItems(IncrementalCursor cursor, RecordBatch batch)
    {
        _cursor = cursor;
        _whole = new(() => BatchRows.Items(batch));
        _keyed = new(() => cursor.Key is { } key && key.All(k => batch.Schema.GetFieldIndex(k) >= 0)
            ? BatchRows.Items(batch, [.. key.Select(k => batch.Schema.GetFieldIndex(k))])
            : _whole.Value);
    }

    public bool HasColumnScale => true;

    /// <summary>Returns a row as an item with all its values.</summary>
    public JsonValue Whole(int row) => _whole.Value(row);

    public JsonValue Identity(int row) => _cursor.Hashed(_keyed.Value(row));
}

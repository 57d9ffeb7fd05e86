using System.Runtime.CompilerServices;
using Dlt.Batches.Building;
using Dlt.Items;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Filters objects with a cursor before they are written into batches. Objects are decided one by one, so that a generator in order ends
/// at the first item beyond the range, and only the field of the cursor is read. Items at the last value are hashed from their batch.
/// </summary>
/// <param name="cursor">Cursor whose path is a field.</param>
/// <param name="sampleOf">Reads the cursor value of an object of exactly the type <typeparamref name="T"/>.</param>
internal sealed class RecordCursor<T>(IncrementalCursor cursor, Func<T, CursorSample> sampleOf) : IBorderItems
{
    private readonly bool _keepsObjects = !FieldSamples.HasExactColumns(typeof(T));
    private T? _current;
    private int _next;   // number of the current item among those that were passed to the batches
    private int _first;   // number of the first row of the batch in the making
    private BatchItems? _batchItems;   // the batch whose rows are hashed

    public bool IsComplete => _keepsObjects;

    /// <summary>Returns the items that the run loads as pages of batches.</summary>
    public static async IAsyncEnumerable<object?> FilterAsync(
        IAsyncEnumerable<T> items, ItemBatcher batches, IncrementalCursor cursor, Func<T, CursorSample> sampleOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new RecordCursor<T>(cursor, sampleOf);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!filter.Takes(item))
            {
                if (cursor.CanClose) break;
                continue;
            }

            foreach (var page in filter.Passed(batches.Add(item))) yield return page.Value;
            filter._next++;
        }

        foreach (var page in filter.Passed(batches.Flush())) yield return page.Value;
    }

    public JsonValue Identity(int row) =>
        _batchItems is { } batch ? batch.Identity(row - _first) : CursorObjects.IdentityOf(cursor, _current);

    /// <summary>Copies the current item, because the generator may fill its object with another one.</summary>
    public IBorderItems Kept(int row) => cursor.Key is null
        ? new KeptText(ItemWriter.ToText(_current))
        : new KeptItem(CursorObjects.IdentityOf(cursor, _current));

    private bool Takes(T item)
    {
        _current = item;
        var isExact = item is not null && item.GetType() == typeof(T);
        var takes = cursor.Takes(isExact ? sampleOf(item) : CursorObjects.SampleOf(cursor, item), this, _next);
        if (takes && _keepsObjects) cursor.LeavePage();
        return takes;
    }

    /// <summary>Hashes the items at the last value that are in complete batches, or are no rows of a batch.</summary>
    private Item[] Passed(Item[] pages)
    {
        foreach (var page in pages)
        {
            var batch = page.Kind == ItemKind.Batch ? page.Batch.Rows : null;
            _batchItems = batch is null ? null : new BatchItems(cursor, batch);
            var end = _first + (batch?.Length ?? 1);
            cursor.HashUpTo(end);
            _first = end;
            _batchItems = null;
        }

        return pages;
    }
}

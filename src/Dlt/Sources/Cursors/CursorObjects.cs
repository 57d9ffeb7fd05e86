using Dlt.Items;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Filters the items of one page with a cursor, one by one: JSON values, and objects of user code, of which only the fields of the cursor
/// and of the key are read if possible.
/// </summary>
internal sealed class CursorObjects(IncrementalCursor cursor) : IBorderItems
{
    private readonly List<object?> _items = [];

    /// <summary>Reads the cursor value of an item.</summary>
    public static CursorSample SampleOf(IncrementalCursor cursor, object? item)
    {
        if (item is not JsonValue && cursor.Path.Field is { } field && cursor.Fields.TryGet(item, field, out var sample)) return sample;
        return CursorSample.Of(cursor.Path.FirstIn(ItemWriter.ToJson(item) ?? JsonValue.Null));
    }

    /// <summary>Decides whether the run loads an item.</summary>
    /// <exception cref="IncrementalException">The item has no cursor value, or one that cannot be compared.</exception>
    public bool Takes(object? item)
    {
        _items.Add(item);
        return cursor.Takes(SampleOf(cursor, item), this, _items.Count - 1);
    }

    public JsonValue Identity(int row) => IdentityOf(cursor, _items[row]);

    /// <summary>Returns the values that identify an item among those with the same cursor value.</summary>
    /// <exception cref="IncrementalException">The item does not have a field of the key.</exception>
    public static JsonValue IdentityOf(IncrementalCursor cursor, object? item)
    {
        if (item is not JsonValue && cursor.Key is { } key && cursor.Fields.HasAll(item, key))
            return cursor.Hashed(cursor.Fields.Take(item!, key));
        return cursor.Hashed(ItemWriter.ToJson(item) ?? JsonValue.Null);
    }

    /// <summary>Copies an item, because the generator may fill its object with another one.</summary>
    public IBorderItems Kept(int row) => _items[row] is not JsonValue && cursor.Key is null
        ? new KeptText(ItemWriter.ToText(_items[row]))
        : new KeptItem(Identity(row));
}

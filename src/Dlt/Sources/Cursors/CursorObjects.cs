using Dlt.Items;
using Dlt.Json;

namespace Dlt.Sources.Cursors;

/// <summary>Filters objects of user code with a cursor, one by one. If possible, only the cursor's field of an object is read.</summary>
internal sealed class CursorObjects(IncrementalCursor cursor)
{
    private readonly ObjectFields _objects = new();

    /// <summary>Decides whether the run loads an object.</summary>
    /// <returns>True when the run loads the item; null when it has no cursor value.</returns>
    public bool? Takes(object? item)
    {
        var key = cursor.Key;
        JsonValue? value = null;
        var isRead = item is not JsonValue && cursor.Path.Field is { } field && _objects.TryGet(item, field, out value);
        var hasKey = isRead && key is not null && _objects.HasAll(item, key);
        JsonValue? whole = null;
        byte[]? text = null;
        var cursorValue = isRead ? value : cursor.Path.FirstIn(Whole());
        return cursor.Takes(cursorValue, () => cursor.Hashed(Whole()), mayLackKey: key is not null && !hasKey, keep: Keep);

        JsonValue Whole() => whole ??= text is null ? ItemWriter.ToJson(item) ?? JsonValue.Null : JsonParser.Parse(text);

        // The hash is computed later, and a generator may have filled the same object with another item by then.
        void Keep()
        {
            if (whole is not null) return;
            if (hasKey) whole = _objects.Take(item!, key!);
            else text = ItemWriter.ToText(item);
        }
    }
}

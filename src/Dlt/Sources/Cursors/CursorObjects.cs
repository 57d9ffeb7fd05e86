using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Sources.Cursors;

/// <summary>Shows a cursor the objects of user code one by one: where it can, only the field of the cursor is read.</summary>
internal sealed class CursorObjects(IncrementalCursor cursor)
{
    private readonly ObjectFields _objects = new();

    /// <returns>Whether the run loads an item; null when it has no cursor value.</returns>
    public bool? Takes(object? item)
    {
        var key = cursor.Key;
        JsonValue? value = null;
        var isRead = item is not JsonValue && cursor.Path.Field is { } field && _objects.TryGet(item, field, out value);
        var hasKey = isRead && key is not null && _objects.HasAll(item, key);
        JsonValue? whole = null;
        byte[]? text = null;
        return cursor.Takes(
            isRead ? value : cursor.Path.FirstIn(Whole()), () => cursor.Hashed(Whole()),
            mayLackKey: key is not null && !hasKey, keep: Keep);

        JsonValue Whole() => whole ??= text is null ? ItemWriter.ToJson(item) ?? JsonValue.Null : JsonParser.Parse(text);

        // The object may be another one when its hash is wanted: generators fill the same one again.
        void Keep()
        {
            if (whole is not null) return;
            if (hasKey) whole = _objects.Take(item!, key!);
            else text = ItemWriter.ToText(item);
        }
    }
}

using Dlt.Batches;
using Dlt.Items;
using Dlt.Sources.Cursors;

namespace Dlt.Extract;

/// <summary>
/// Keeps the items of a page that are new to a cursor, in their original form: transformers get the objects that the generator made.
/// </summary>
/// <remarks>Hints, rejected records and empty tables are always kept.</remarks>
internal static class CursorFilter
{
    /// <summary>
    /// Returns the items that the run loads. The result is a single <see cref="ItemKind.NoItems"/> item when no item is new.
    /// </summary>
    /// <exception cref="IncrementalException">An item has no cursor value, or one that cannot be compared.</exception>
    public static IReadOnlyList<Item> NewItems(IncrementalCursor cursor, IEnumerable<Item> page)
    {
        var objects = new CursorObjects(cursor);
        var kept = new List<Item>();
        cursor.ForgetPlace();
        foreach (var item in page) Add(cursor, item, objects, kept);
        cursor.LeavePage();
        return kept.Count > 0 ? kept : [Item.None()];
    }

    private static void Add(IncrementalCursor cursor, Item item, CursorObjects objects, List<Item> kept)
    {
        switch (item.Kind)
        {
            case ItemKind.Value:
                if (objects.Takes(item.Value)) kept.Add(item);
                break;
            case ItemKind.RawJson:
                var lines = CursorJson.Filter(cursor, item.RawJson);
                if (lines.Lines.Count > 0) kept.Add(item.With(lines));
                break;
            case ItemKind.Batch:
                kept.Add(item.With(item.Batch with { Rows = BatchRows.Take(item.Batch.Rows, cursor.FilterRows(item.Batch.Rows)) }));
                break;
            case ItemKind.ArrowTable:
                kept.Add(item.With(BatchRows.Take(item.ArrowTable, cursor.FilterTable(item.ArrowTable))));
                break;
            default:
                kept.Add(item);
                if (item is { Kind: ItemKind.Hints, Hints: { IsVariant: false, Hints.PrimaryKey: { IsDefault: false } key } })
                    cursor.UseKey(key);
                break;
        }
    }
}

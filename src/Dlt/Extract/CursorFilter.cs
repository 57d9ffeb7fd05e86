using Dlt.Batches;
using Dlt.Items;
using Dlt.Json;
using Dlt.Sources.Cursors;

namespace Dlt.Extract;

/// <summary>
/// Keeps the items of a page that are new to a cursor, in their original form: transformers get the objects that the generator made.
/// </summary>
/// <remarks>Hints, rejected records and empty tables are always kept.</remarks>
internal sealed class CursorFilter(IncrementalCursor cursor)
{
    private readonly List<Item> _kept = [];
    private readonly List<(Item Item, object? Shown)> _rows = [];

    /// <summary>
    /// Returns the items that the run loads. The result is a single <see cref="ItemKind.NoItems"/> item when no item is new.
    /// </summary>
    public static IReadOnlyList<Item> NewItems(IncrementalCursor cursor, IEnumerable<Item> page)
    {
        var filter = new CursorFilter(cursor);
        foreach (var item in page) filter.Add(item);
        if (filter._rows.Count > 0 || filter._kept.TrueForAll(i => i is { Kind: ItemKind.NoItems, Table: null })) filter.FilterRows();
        return filter._kept.Count > 0 ? filter._kept : [Item.None()];
    }

    private void Add(Item item)
    {
        switch (item.Kind)
        {
            case ItemKind.Value:
                _rows.Add((item, item.Value));
                break;
            case ItemKind.RawJson:
                foreach (var line in RawJsonLines.Of(item.RawJson))
                    _rows.Add((item.With(item.RawJson with { Utf8 = line }), JsonParser.Parse(line.Span, item.RawJson.Origin)));
                break;
            case ItemKind.Batch:
                FilterRows();
                _kept.Add(item.With(item.Batch with { Rows = BatchRows.Take(item.Batch.Rows, cursor.FilterRows(item.Batch.Rows)) }));
                break;
            case ItemKind.ArrowTable:
                FilterRows();
                _kept.Add(item.With(BatchRows.Take(item.ArrowTable, cursor.FilterTable(item.ArrowTable))));
                break;
            default:
                if (_rows.Count > 0) FilterRows();
                _kept.Add(item);
                if (item is { Kind: ItemKind.Hints, Hints: { IsVariant: false, Hints.PrimaryKey: { IsDefault: false } key } })
                    cursor.UseKey(key);
                break;
        }
    }

    private void FilterRows()
    {
        _kept.AddRange(cursor.Filter(_rows, r => r.Shown).Select(r => r.Item));
        _rows.Clear();
    }
}

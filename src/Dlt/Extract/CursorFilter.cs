using Apache.Arrow;
using Dlt.Batches;
using Dlt.Json;

namespace Dlt.Extract;

/// <summary>The items of a page that a cursor lets through, as they came: transformers get what the generator made.</summary>
/// <remarks>Hints, rejects and empty tables pass.</remarks>
internal sealed class CursorFilter(IncrementalCursor cursor)
{
    private readonly List<object?> _kept = [];
    private readonly List<(object? Item, object? Shown)> _rows = [];

    /// <summary>The items that are new, each with the mark of its table.</summary>
    public static List<object?> NewItems(IncrementalCursor cursor, object? page)
    {
        var filter = new CursorFilter(cursor);
        foreach (var item in ItemWriter.ItemsOf(page)) filter.Add(item, null);
        if (filter._rows.Count > 0 || filter._kept.Count == 0) filter.FilterRows();
        return filter._kept;
    }

    private void Add(object? item, string? table)
    {
        switch (item)
        {
            case TableItem marked:
                var isEmpty = true;
                foreach (var one in ItemWriter.ItemsOf(marked.Item))
                {
                    isEmpty = false;
                    Add(one, marked.Table);
                }

                if (isEmpty) Keep(marked, table);
                break;
            case RawJson raw:
                foreach (var line in ItemWriter.Split(raw))
                    _rows.Add((Marked(raw with { Utf8 = line }, table), JsonParser.Parse(line.Span, raw.Origin)));
                break;
            case HintsChange change:
                Keep(change, null);
                if (change is { IsVariant: false, Hints.PrimaryKey: { IsDefault: false } key }) cursor.UseKey(key);
                break;
            case RejectedRecord or EmptyTable:
                Keep(item, table);
                break;
            case RecordBatch batch:
                FilterRows();
                _kept.Add(Marked(BatchRows.Take(batch, cursor.FilterTable(batch)), table));
                break;
            case ItemBatch batch:
                FilterRows();
                _kept.Add(Marked(batch with { Rows = BatchRows.Take(batch.Rows, cursor.FilterRows(batch.Rows)) }, table));
                break;
            default:
                _rows.Add((Marked(item, table), item));
                break;
        }
    }

    private static object? Marked(object? item, string? table) => table is null ? item : new TableItem(table, item);

    private void Keep(object? item, string? table)
    {
        if (_rows.Count > 0) FilterRows();
        _kept.Add(Marked(item, table));
    }

    private void FilterRows()
    {
        _kept.AddRange(cursor.Filter(_rows, r => r.Shown).Select(r => r.Item));
        _rows.Clear();
    }
}

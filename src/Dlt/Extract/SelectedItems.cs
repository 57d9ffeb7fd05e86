using System.Threading.Channels;
using Dlt.Batches;
using Dlt.Batches.Building;

namespace Dlt.Extract;

/// <summary>
/// What one generator and its transformers made, on its way to the writer: objects are gathered into batches, a batch for each resource
/// and table.
/// </summary>
internal sealed class SelectedItems(ChannelWriter<(Resource, object?)> output)
{
    private readonly Dictionary<(Resource Resource, string? Table), ObjectBatches> _batches = [];

    public async ValueTask WriteAsync(Resource resource, object? page, CancellationToken cancellationToken)
    {
        // A batch is one already; where the item chooses its table, it is looked at one by one.
        if (page is ItemBatch || resource.Hints.TableNameOf is not null)
        {
            await output.WriteAsync((resource, page), cancellationToken).ConfigureAwait(false);
            return;
        }

        var isEmpty = true;
        var complete = new List<object?>();
        foreach (var item in ItemWriter.ItemsOf(page))
        {
            isEmpty = false;
            complete.AddRange(Add(resource, null, item));
        }

        if (isEmpty || complete.Count > 0) await output.WriteAsync((resource, complete), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Hands out what is left.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var ((resource, table), batches) in _batches)
        {
            foreach (var page in FlushOf(table, batches))
                await output.WriteAsync((resource, page), cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<object?> Add(Resource resource, string? table, object? item)
    {
        // Hints hold from here on: what came before is written under those of before.
        if (item is HintsChange)
            return [.. _batches.Where(b => b.Key.Resource == resource).SelectMany(b => FlushOf(b.Key.Table, b.Value)), item];
        if (item is TableItem marked) return [.. AddMarked(resource, marked)];
        if (!_batches.TryGetValue((resource, table), out var batches)) _batches.Add((resource, table), batches = new());
        return batches.Add(item).Select(page => Marked(table, page));
    }

    private IEnumerable<object?> AddMarked(Resource resource, TableItem marked)
    {
        var isEmpty = true;
        foreach (var one in ItemWriter.ItemsOf(marked.Item))
        {
            isEmpty = false;
            foreach (var page in Add(resource, marked.Table, one)) yield return page;
        }

        if (isEmpty) yield return marked;
    }

    private static IEnumerable<object?> FlushOf(string? table, ObjectBatches batches) =>
        batches.Flush().Select(page => Marked(table, page));

    private static object? Marked(string? table, object? page) => table is null ? page : new TableItem(table, page);
}

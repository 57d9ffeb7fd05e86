using System.Threading.Channels;
using Dlt.Batches.Building;
using Dlt.Items;
using Dlt.Sources;

namespace Dlt.Extract;

/// <summary>
/// Passes the items of one generator and its transformers to the writer. Objects are gathered into batches, one for each resource and
/// table.
/// </summary>
internal sealed class SelectedItems(ChannelWriter<ResourcePage> output)
{
    private readonly Dictionary<(Resource Resource, string? Table), ObjectBatches> _batches = [];

    /// <summary>Adds the items of a page and writes the batches that are full.</summary>
    public async ValueTask WriteAsync(Resource resource, IEnumerable<Item> items, CancellationToken cancellationToken)
    {
        // If items choose the table, the writer needs each item separately.
        if (resource.Hints.TableNameOf is not null)
        {
            await output.WriteAsync(new(resource, items), cancellationToken).ConfigureAwait(false);
            return;
        }

        var complete = new List<Item>();
        try
        {
            foreach (var item in items) Add(resource, item, complete);
        }
        catch (Exception error) when (ResourceErrors.IsOfItem(error))
        {
            throw ResourceErrors.Of(resource.Name, error);
        }

        if (complete.Count > 0) await output.WriteAsync(new(resource, complete), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the remaining batches.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        foreach (var ((resource, table), batches) in _batches)
        {
            if (batches.Flush() is not { Length: > 0 } left) continue;
            var items = left.Select(i => i.For(table));
            await output.WriteAsync(new(resource, [.. items]), cancellationToken).ConfigureAwait(false);
        }
    }

    private void Add(Resource resource, Item item, List<Item> complete)
    {
        switch (item.Kind)
        {
            case ItemKind.NoItems or ItemKind.Unchanged:
                complete.Add(item);
                break;
            case ItemKind.Hints:
                // Hints apply from here on, so earlier items are written before them.
                foreach (var ((owner, table), waiting) in _batches)
                    if (owner == resource) complete.AddRange(waiting.Flush().Select(i => i.For(table)));
                complete.Add(item);
                break;
            default:
                if (!_batches.TryGetValue((resource, item.Table), out var batches))
                    _batches.Add((resource, item.Table), batches = new());
                foreach (var made in batches.Add(item)) complete.Add(made.For(item.Table));
                break;
        }
    }
}

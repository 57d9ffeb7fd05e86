using System.Collections.Concurrent;
using Dlt.Batches;
using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Passes the pages of one root resource to the writer and through its transformers (docs/spec/pipeline.md 1.5).</summary>
/// <param name="running">Resources that run.</param>
/// <param name="limit">Pages that a plan reads; null for a run.</param>
/// <param name="selected">Writer of the selected resources.</param>
/// <param name="makers">Creates contexts, and runs transformers.</param>
internal sealed class TransformedPages(
    RunningResources running, PageLimit? limit, SelectedItems selected, TransformerRuns makers)
{
    private readonly Dictionary<Resource, ResourceContext> _contexts = [];
    private readonly ConcurrentDictionary<string, object?> _ancestors = new(StringComparer.Ordinal);   // runs side by side read it

    /// <summary>Writes a page, and makes the items of all transformers from it.</summary>
    public async Task PassAsync(Resource resource, IEnumerable<Item> items, CancellationToken cancellationToken)
    {
        if (running.IsLoaded(resource))
            await selected.WriteAsync(resource, items, cancellationToken).ConfigureAwait(false);
        foreach (var transformer in running.TransformersOf(resource))
        {
            if (transformer.Dependent is { } dependent)
                await PassOnAsync(transformer, dependent, items, cancellationToken).ConfigureAwait(false);
            else
                await TransformAsync(transformer, items, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stores the cursors of the transformers, after all items of the root, and returns them.</summary>
    public IEnumerable<(Resource Transformer, IncrementalCursor Cursor)> Complete()
    {
        foreach (var (transformer, context) in _contexts)
        {
            if (context.Cursor is not { } cursor) continue;
            cursor.Complete();
            yield return (transformer, cursor);
        }
    }

    private async Task TransformAsync(Resource transformer, IEnumerable<Item> items, CancellationToken cancellationToken)
    {
        if (transformer.Hints.Incremental is not null)
        {
            throw new DltException(
                $"Resource '{transformer.Name}' is a transformer, so it cannot have an incremental cursor. "
                + $"Nothing was loaded, and the state is as before. Give the cursor to '{transformer.Parent!.Name}'.");
        }

        foreach (var value in ValuesFor(transformer, items))
        {
            var context = makers.Context(transformer, _ancestors);
            await foreach (var page in makers.RunAsync(transformer, context, value, cancellationToken).ConfigureAwait(false))
                await PassAsync(transformer, page, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the items of a transformer that has one context for the whole run, several parents at the same time.</summary>
    private async Task PassOnAsync(
        Resource transformer, DependentResource dependent, IEnumerable<Item> items, CancellationToken cancellationToken)
    {
        if (!_contexts.TryGetValue(transformer, out var context))
            _contexts.Add(transformer, context = makers.ContextWithCursor(transformer, _ancestors));
        var runs = new OrderedRuns(dependent.Parallel, (value, token) => makers.RunAsync(transformer, context, value, token));
        await foreach (var (value, page) in runs.RunAsync(ValuesFor(transformer, items), cancellationToken).ConfigureAwait(false))
        {
            _ancestors[transformer.Parent!.Name] = value;
            var kept = context.Cursor is { } cursor ? CursorFilter.NewItems(cursor, page) : page;
            await PassAsync(transformer, kept, cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<object?> ValuesFor(Resource transformer, IEnumerable<Item> items) =>
        items.SelectMany(ValuesOf).TakeWhile(_ => limit?.IsReached(transformer) != true);

    /// <summary>Returns the values that a transformer gets for an item: the rows of a batch one by one, and no rejected records.</summary>
    private static IEnumerable<object?> ValuesOf(Item item) => item.Kind switch
    {
        ItemKind.Batch => BatchRows.ToItems(item.Batch.Rows),
        ItemKind.RawJson when item.IsSplit => item.Lines.Select(line => (object?)(item.RawJson with { Utf8 = line })),
        ItemKind.Value or ItemKind.RawJson or ItemKind.ArrowTable => [item.Value],
        _ => [],
    };
}

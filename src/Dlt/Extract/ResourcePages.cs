using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dlt.Batches;
using Dlt.Diagnostics;
using Dlt.Items;
using Dlt.Schemas;
using Dlt.Sources.Cursors;
using Dlt.Sources.Http;
using Dlt.Sources.State;
using Dlt.Sources;

namespace Dlt.Extract;

/// <summary>
/// Runs the generators of a source in parallel and passes each page through cursor and transformers (docs/spec/pipeline.md 1.5).
/// </summary>
internal sealed class ResourcePages(PipelineContext pipeline, Source source, Schema schema, StateStore state, SourceHttp http)
{
    private readonly Dictionary<string, KnownColumns> _columns =
        RunningResources.Of(source).ToDictionary(r => r.Name, r => new KnownColumns(r, schema), StringComparer.Ordinal);

    private readonly ConcurrentQueue<SkippedRows> _skipped = new();

    /// <summary>Items that cursors did not load, in the order of the resources. Complete when all pages are.</summary>
    public IEnumerable<SkippedRows> Skipped => _skipped.OrderBy(s => s.Resource, StringComparer.Ordinal);

    /// <summary>Writes the pages of all selected resources to the channel, then completes it, with the error if one occurred.</summary>
    public async Task ProduceAsync(ChannelWriter<ResourcePage> output, int workers, CancellationToken cancellationToken)
    {
        try
        {
            var roots = RunningResources.Of(source).Where(r => r.IsGenerated && r.Parent is null);
            await Parallel.ForEachAsync(
                roots,
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
                async (root, token) => await GenerateAsync(root, output, token).ConfigureAwait(false)).ConfigureAwait(false);
            output.Complete();
        }
        catch (Exception error)
        {
            output.Complete(error);
        }
    }

    private Task GenerateAsync(Resource root, ChannelWriter<ResourcePage> output, CancellationToken cancellationToken) =>
        DltDiagnostics.TraceAsync(SpanNames.Resource, ActivityKind.Internal, span =>
        {
            span?.SetTag(AttributeNames.Source, source.Name).SetTag(AttributeNames.Resource, root.Name);
            return WritePagesAsync(root, output, cancellationToken);
        });

    private async Task WritePagesAsync(Resource root, ChannelWriter<ResourcePage> output, CancellationToken cancellationToken)
    {
        var context = Context(root);
        if (root.Hints.Incremental is { } declared)
        {
            var incremental = CursorSettings.Resolve(declared, pipeline.Configuration, pipeline.Name, source.Name, root.Name);
            context.Cursor = IncrementalCursor.Open(incremental, root.Name, root.Hints.PrimaryKey, context.State, pipeline.Warn);
        }

        var limit = root.Limit?.Begin(pipeline.Time);
        if (limit is { IsReached: true }) return;
        var selected = new SelectedItems(output);
        var inBatches = GeneratesBatches(root, context);
        var generated = inBatches ? root.GenerateBatches!(context, cancellationToken) : root.Generate(context, cancellationToken);
        await foreach (var page in Guard(root, context, generated, cancellationToken).ConfigureAwait(false))
        {
            var items = context.Cursor is { } cursor && !inBatches ? CursorFilter.NewItems(cursor, page) : page;
            await PassAsync(root, items, selected, cancellationToken).ConfigureAwait(false);
            limit?.Count(items);
            if (limit is { IsReached: true }) break;
            if (context.Cursor is not { CanClose: true }) continue;
            context.Cursor.Close();
            break;
        }

        context.Cursor?.Complete();
        foreach (var (reason, rows) in context.Cursor?.Skipped ?? []) _skipped.Enqueue(new(root.Name, reason, rows));
        await selected.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns whether objects are generated in batches, past the cursor: unless a limit, a transformer, the choice of the table or the
    /// path of the cursor needs them one by one.
    /// </summary>
    private bool GeneratesBatches(Resource root, ResourceContext context) => root.GenerateBatches is not null
        && context.Cursor is null or { Path.Field: not null }
        && root.Limit is null && root.Hints.TableNameOf is null
        && !source.Resources.Any(r => r.Parent?.Name == root.Name && IsNeeded(r));

    private async Task PassAsync(
        Resource resource, IEnumerable<Item> items, SelectedItems selected, CancellationToken cancellationToken)
    {
        if (resource.IsSelected && source.Resources.Contains(resource))
            await selected.WriteAsync(resource, items, cancellationToken).ConfigureAwait(false);
        foreach (var transformer in source.Resources.Where(r => r.Parent?.Name == resource.Name && IsNeeded(r)))
        {
            if (transformer.Hints.Incremental is not null)
            {
                throw new DltException(
                    $"Resource '{transformer.Name}' is a transformer, so it cannot have an incremental cursor. "
                    + $"Nothing was loaded, and the state is as before. Give the cursor to '{resource.Name}'.");
            }

            foreach (var value in items.SelectMany(ValuesOf))
            {
                var context = Context(transformer);
                var made = transformer.TransformItem(value, context, cancellationToken);
                await foreach (var page in Guard(transformer, context, made, cancellationToken).ConfigureAwait(false))
                    await PassAsync(transformer, page, selected, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns the values that a transformer gets for an item: the rows of a batch one by one, and no rejected records.</summary>
    private static IEnumerable<object?> ValuesOf(Item item) => item.Kind switch
    {
        ItemKind.Batch => BatchRows.ToItems(item.Batch.Rows),
        ItemKind.RawJson when item.IsSplit => item.Lines.Select(line => (object?)(item.RawJson with { Utf8 = line })),
        ItemKind.Value or ItemKind.RawJson or ItemKind.ArrowTable => [item.Value],
        _ => [],
    };

    private ResourceContext Context(Resource resource) =>
        new(source.Name, resource.Name, state, pipeline.Configuration, pipeline.Name, http)
        {
            KeepRejects = pipeline.KeepRejects,
            ColumnType = _columns[resource.Name].TypeOf,
        };

    /// <summary>Enumerates the items of each page. Errors of user code get the resource's name; errors of dlt have it already.</summary>
    private static async IAsyncEnumerable<IEnumerable<Item>> Guard(
        Resource resource, ResourceContext context, IAsyncEnumerable<object?> pages,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var enumerator = pages.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await enumerator.MoveNextAsync().ConfigureAwait(false)) yield break;
                }
                catch (Exception error) when (error is not DltException
                    && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
                {
                    throw context.ToApiException(error) ?? ResourceErrors.Of(resource.Name, error);
                }

                yield return Item.Of(enumerator.Current);
            }
        }
    }

    private bool IsNeeded(Resource resource) => RunningResources.Contains(source, resource);
}

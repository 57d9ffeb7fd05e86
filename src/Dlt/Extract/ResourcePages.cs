using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
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
    private readonly RunningResources _running = new(source);
    private readonly PageLimit? _pageLimit = pipeline.PageLimit is { } pages ? new(pages) : null;
    private readonly Dictionary<string, KnownColumns> _columns = new(StringComparer.Ordinal);

    private readonly ConcurrentQueue<SkippedRows> _skipped = new();

    /// <summary>Items that cursors did not load, in the order of the resources. Complete when all pages are.</summary>
    public IEnumerable<SkippedRows> Skipped => _skipped.OrderBy(s => s.Resource, StringComparer.Ordinal);

    /// <summary>Writes the pages of all selected resources to the channel, then completes it, with the error if one occurred.</summary>
    public async Task ProduceAsync(ChannelWriter<ResourcePage> output, int workers, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var resource in _running.All) _columns[resource.Name] = new(resource, schema);
            var roots = _running.All.Where(r => r.IsGenerated && r.Parent is null);
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
        var context = Context(root, ReadOnlyDictionary<string, object?>.Empty);
        context.Cursor = CursorOf(root, context);
        var limit = root.Limit?.Begin(pipeline.Time);
        if (limit is { IsReached: true }) return;
        var selected = new SelectedItems(output);
        var passed = new TransformedPages(_running, _pageLimit, selected, new(Context, CursorOf, Guard));
        var inBatches = GeneratesBatches(root, context);
        var generated = inBatches ? root.GenerateBatches!(context, cancellationToken) : root.Generate(context, cancellationToken);
        await foreach (var page in Guard(root, context, generated, cancellationToken).ConfigureAwait(false))
        {
            var items = context.Cursor is { } cursor && !inBatches ? CursorFilter.NewItems(cursor, page) : page;
            await passed.PassAsync(root, items, cancellationToken).ConfigureAwait(false);
            limit?.Count(items);
            if (limit is { IsReached: true }) break;
            if (context.Cursor is not { CanClose: true }) continue;
            context.Cursor.Close();
            break;
        }

        context.Cursor?.Complete();
        Note(root, context.Cursor);
        foreach (var (transformer, cursor) in passed.Complete()) Note(transformer, cursor);
        await selected.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Returns whether objects are generated in batches, past the cursor: unless a limit, a transformer, the choice of the table or the
    /// path of the cursor needs them one by one.
    /// </summary>
    private bool GeneratesBatches(Resource root, ResourceContext context) => root.GenerateBatches is not null
        && context.Cursor is null or { Path.Field: not null }
        && root.Limit is null && _pageLimit is null && root.Hints.TableNameOf is null
        && !_running.HasTransformers(root);

    /// <summary>Opens the cursor of a resource; null when it has none.</summary>
    private IncrementalCursor? CursorOf(Resource resource, ResourceContext context)
    {
        if (resource.Hints.Incremental is not { } declared) return null;
        var incremental = CursorSettings.Resolve(declared, pipeline.Configuration, pipeline.Name, source.Name, resource.Name);
        return IncrementalCursor.Open(incremental, resource.Name, resource.Hints.PrimaryKey, context.State, pipeline.Warn);
    }

    /// <summary>Notes the items that the cursor of a resource did not load.</summary>
    private void Note(Resource resource, IncrementalCursor? cursor)
    {
        foreach (var (reason, rows) in cursor?.Skipped ?? []) _skipped.Enqueue(new(resource.Name, reason, rows));
    }

    private ResourceContext Context(Resource resource, IReadOnlyDictionary<string, object?> ancestors) =>
        new(source.Name, resource.Name, state, pipeline.Configuration, pipeline.Name, http)
        {
            Folder = pipeline.Folder.Path,
            FeedsOthers = _running.HasTransformers(resource),
            Ancestors = ancestors,
            KeepRejects = pipeline.KeepRejects,
            ColumnType = _columns[resource.Name].TypeOf,
            Advanced = (done, total) => pipeline.Observer.Advanced(TableOf(resource), done, total),
        };

    /// <summary>Table whose rows show how far a resource is.</summary>
    private string TableOf(Resource resource) => schema.NormalizeTableIdentifier(resource.Hints.TableName ?? resource.Name);

    /// <summary>Enumerates the items of each page. Errors of user code get the resource's name; errors of dlt have it already.</summary>
    private async IAsyncEnumerable<IEnumerable<Item>> Guard(
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
                if (_pageLimit?.IsReachedBy(resource, enumerator.Current) == true) yield break;
            }
        }
    }
}

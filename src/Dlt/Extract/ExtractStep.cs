using System.Threading.Channels;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Packages;
using Dlt.Retries;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Sources.Http;
using Dlt.State;

namespace Dlt.Extract;

/// <summary>Runs the resources of a source into a package of extracted segments (docs/spec/pipeline.md 1.5, 2.4).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="destination">The dataset of the source's schema; null where nothing is asked of it.</param>
internal sealed class ExtractStep(PipelineContext pipeline, IDestinationClient? destination)
{
    /// <summary>Extracts one source; nothing of the pipeline changes unless all of it succeeds.</summary>
    /// <exception cref="DltException">The source, its data or the destination is at fault. The run left no package.</exception>
    public async Task<ExtractInfo> RunAsync(Source source, CancellationToken cancellationToken)
    {
        var started = pipeline.Time.GetUtcNow();
        pipeline.Observer.PackageBegan(StepNames.Extract, source.Name, loadId: null);
        var folder = pipeline.Folder.NewExtractFolder();
        try
        {
            var schemas = new SourceSchema(pipeline);
            if (destination is not null)
                await new DeclaredCheck(pipeline, destination)
                    .RunAsync(source, schemas.Open(source), cancellationToken).ConfigureAwait(false);
            var package = LoadPackage.Create(folder, pipeline.LoadIds.Next());
            pipeline.Folder.CopyForRestore(package);
            var state = new StateStore(pipeline.State.Json);
            var schema = Begin(source, schemas, state, package);
            using var pages = new PageWriter(pipeline, source, schema, package)
            {
                TableChanged = table => destination?.VerifySchema(schema, [table]),
            };
            await WritePagesAsync(source, state, pages, cancellationToken).ConfigureAwait(false);
            pages.Complete();
            destination?.VerifySchema(schema, pages.Tables);
            RowCounts.WriteExtracted(package, pages.Rows);
            new ExtractCommit(pipeline, pages.Rows).Run(package, schema, new(state.Current), folder);
            return new(pipeline, package.LoadId, new SortedDictionary<string, long>(pages.Rows, StringComparer.Ordinal), started,
                pipeline.Time.GetUtcNow());
        }
        catch
        {
            Abandon(folder);
            throw;
        }
        finally
        {
            pipeline.Observer.PackageEnded();
        }
    }

    /// <summary>Applies the refresh of the run, and forgets the state of resources whose rows are replaced.</summary>
    /// <returns>The schema that the run begins with.</returns>
    private Schema Begin(Source source, SourceSchema schemas, StateStore state, LoadPackage package)
    {
        var schema = schemas.Open(source);
        if (pipeline.Refresh is { } mode && pipeline.Folder.SchemaNames().Contains(source.Name))
        {
            schema = SourceRefresh.Apply(mode, source, schema, state, package);
            schemas.Declare(source, schema);
        }

        foreach (var resource in RunningResources.Of(source).Where(r => r.Hints.WriteDisposition == WriteDisposition.Replace))
        {
            state.Touch(source.Name);
            state.Reset(source.Name, resource.Name);
        }

        return schema;
    }

    /// <summary>Generators run side by side; a bounded channel hands their pages to the one writer.</summary>
    private async Task WritePagesAsync(Source source, StateStore state, PageWriter pages, CancellationToken cancellationToken)
    {
        var workers = pipeline.Settings.ExtractWorkers;
        var inFlight = pipeline.Settings.MaxParallelItems;
        var channel = Channel.CreateBounded<ResourcePage>(new BoundedChannelOptions(inFlight) { SingleReader = true });
        var waits = new RetryWaits(pipeline.Time, pipeline.Warn);
        using var http = new SourceHttp(RequestSettings.Read(pipeline.Configuration), waits, pipeline.HttpHandler);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var producing = new ResourcePages(pipeline, source, state, http).ProduceAsync(channel.Writer, workers, stop.Token);
        try
        {
            await foreach (var page in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) pages.Write(page);
        }
        catch
        {
            // Generators use the client, and the next run may ask the same source: none goes on when this method returns.
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(false);
            while (channel.Reader.TryRead(out var left)) left.Release();
            throw;
        }

        await producing.ConfigureAwait(false);
        foreach (var resource in source.Resources.Where(r => r.Files.Count > 0 && r.IsSelected))
            pages.AddFiles(resource, cancellationToken);
    }

    /// <summary>
    /// Removes what the run wrote; what cannot be removed, the next run does. The error that ended the run is the one to report.
    /// </summary>
    private static void Abandon(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Abandoned folders are removed when the next run begins.
        }
    }
}

using System.Collections.Immutable;
using System.Threading.Channels;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Sources.Http;
using Dlt.Sources.State;

namespace Dlt.Extract;

/// <summary>Runs the resources of a source into a package of extracted segments (docs/spec/pipeline.md 1.5, 2.4).</summary>
/// <param name="pipeline">Pipeline that runs.</param>
/// <param name="destination">Dataset of the source's schema; null when the run does not need the destination.</param>
internal sealed class ExtractStep(PipelineContext pipeline, IDestinationClient? destination)
{
    /// <summary>Extracts one source. The pipeline changes only if the whole extraction succeeds.</summary>
    /// <exception cref="DltException">The source, its data or the destination caused an error. The run left no package.</exception>
    public async Task<ExtractInfo> RunAsync(Source source, CancellationToken cancellationToken)
    {
        var started = pipeline.Time.GetUtcNow();
        pipeline.Observer.PackageBegan(StepNames.Extract, source.Name, loadId: null);
        var folder = pipeline.Folder.NewExtractFolder();
        try
        {
            var schemas = new SourceSchema(pipeline);
            if (destination is not null)
            {
                var check = new DeclaredCheck(pipeline, destination);
                await check.RunAsync(source, schemas.Open(source), cancellationToken).ConfigureAwait(false);
            }

            var package = LoadPackage.Create(folder, pipeline.LoadIds.Next());
            pipeline.Folder.CopyForRestore(package);
            var state = new StateStore(pipeline.State.Json);
            var schema = Begin(source, schemas, state, package);
            using var pages = new PageWriter(pipeline, source, schema, package)
            {
                TableChanged = table => destination?.VerifySchema(schema, [table]),
            };
            var skipped = await WritePagesAsync(source, schema, state, pages, cancellationToken).ConfigureAwait(false);
            pages.Complete();
            destination?.VerifySchema(schema, pages.Tables);
            RowCounts.WriteExtracted(package, pages.Rows);
            if (!skipped.IsEmpty) PackageChanges.Write(package, new() { Skipped = skipped });
            new ExtractCommit(pipeline, pages.Rows).Run(package, schema, new(state.Current), folder);
            var rows = new SortedDictionary<string, long>(pages.Rows, StringComparer.Ordinal);
            return new(pipeline, package.LoadId, rows, started, pipeline.Time.GetUtcNow()) { Skipped = skipped };
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

    /// <summary>Applies the refresh mode of the run and resets the state of resources with the disposition replace.</summary>
    /// <returns>Schema at the beginning of the run.</returns>
    private Schema Begin(Source source, SourceSchema schemas, StateStore state, LoadPackage package)
    {
        var schema = schemas.Open(source);
        if (pipeline.Refresh is { } mode && pipeline.Folder.SchemaNames().Contains(source.Name))
        {
            schema = SourceRefresh.Apply(mode, source, schema, state, package);
            schemas.Declare(source, schema);
        }

        foreach (var resource in new RunningResources(source).All.Where(r => r.Hints.WriteDisposition == WriteDisposition.Replace))
        {
            state.Touch(source.Name);
            state.Reset(source.Name, resource.Name);
        }

        return schema;
    }

    /// <summary>Runs the generators in parallel. A bounded channel passes their pages to the single writer.</summary>
    /// <returns>Items that cursors did not load.</returns>
    private async Task<ImmutableArray<SkippedRows>> WritePagesAsync(
        Source source, Schema schema, StateStore state, PageWriter pages, CancellationToken cancellationToken)
    {
        var workers = pipeline.Settings.ExtractWorkers;
        var inFlight = pipeline.Settings.MaxParallelItems;
        var channel = Channel.CreateBounded<ResourcePage>(new BoundedChannelOptions(inFlight) { SingleReader = true });
        using var http = new SourceHttp(RequestSettings.Read(pipeline.Configuration), pipeline.Waits, pipeline.HttpHandler);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var generated = new ResourcePages(pipeline, source, schema, state, http);
        var producing = generated.ProduceAsync(channel.Writer, workers, stop.Token);
        try
        {
            await foreach (var page in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)) pages.Write(page);
        }
        catch
        {
            // Generators use the HTTP client, and the next run may call the same source, so all of them must end here.
            await stop.CancelAsync().ConfigureAwait(false);
            await producing.ConfigureAwait(false);
            while (channel.Reader.TryRead(out var left)) left.Release();
            throw;
        }

        await producing.ConfigureAwait(false);
        foreach (var resource in source.Resources.Where(r => r.Files.Count > 0 && r.IsSelected))
            pages.AddFiles(resource, cancellationToken);
        return [.. generated.Skipped];
    }

    /// <summary>Deletes the files of a failed run. The original error is the one to report, so a failure to delete is ignored.</summary>
    private static void Abandon(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run deletes abandoned folders when it begins.
        }
    }
}

using System.Collections.Immutable;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Extract;
using Dlt.Load;
using Dlt.Normalize;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Planning;

/// <summary>
/// Runs the steps of a run on a temporary working folder, and asks the destination what the load would do instead of loading.
/// </summary>
/// <param name="pipeline">The pipeline on its temporary folder.</param>
/// <param name="clients">Datasets that are opened for a preview.</param>
/// <param name="pending">Packages that the run would load first, in the own folder of the pipeline.</param>
/// <param name="warnings">Receives the warnings of the steps.</param>
internal sealed class PlanStep(
    PipelineContext pipeline, DatasetClients clients, IReadOnlyList<LoadPackage> pending, PlanWarnings warnings)
{
    private readonly ImmutableArray<PlannedStatement>.Builder _statements = ImmutableArray.CreateBuilder<PlannedStatement>();
    private readonly List<PlannedTable> _tables = [];
    private readonly List<string> _dropped = [];
    private readonly List<string> _emptied = [];
    private LoadChanges _changes = LoadChanges.None;
    private bool _isPreviewed = true;
    private int _mergeQueries;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="DltException">The source or the destination was not reached, so there is no plan.</exception>
    public async Task<RunPlan> RunAsync(Source source, CancellationToken cancellationToken)
    {
        var stop = await FindStopAsync(source, cancellationToken).ConfigureAwait(false);
        var schema = pipeline.Folder.LoadSchema(source.Name, pipeline.Capabilities.MaxIdentifierLength);
        return new()
        {
            PipelineName = pipeline.Name,
            SourceName = source.Name,
            DestinationName = pipeline.Capabilities.DestinationName,
            DatasetName = pipeline.DatasetOf(source.Name),
            Location = clients.Of(source.Name).Location,
            Limit = pipeline.PageLimit,
            Pending = [.. pending.Select(Pending)],
            Tables = [.. _tables.OrderBy(t => t.Name, StringComparer.Ordinal)],
            TablesWithoutRows = stop is null ? [.. TablesNotMade.Of(source, schema)] : [],
            Changes = _changes,
            Dropped = [.. _dropped],
            Emptied = [.. _emptied],
            Statements = stop is null ? PlannedOrder.Of(_statements) : [],
            IsPreviewed = _isPreviewed,
            MergeQueries = _mergeQueries,
            Warnings = warnings.All,
            Stop = stop,
        };
    }

    /// <summary>Runs the steps until one would stop the run.</summary>
    private async Task<PlannedStop?> FindStopAsync(Source source, CancellationToken cancellationToken)
    {
        var step = StepNames.Load;
        try
        {
            foreach (var package in pending) await PreviewAsync(package, isOwn: false, cancellationToken).ConfigureAwait(false);
            step = StepNames.Extract;
            await new ExtractStep(pipeline, clients.Of(source.Name)).RunAsync(source, cancellationToken).ConfigureAwait(false);
            step = StepNames.Normalize;
            new NormalizeStep(pipeline).Run(cancellationToken);
            step = StepNames.Load;
            foreach (var package in WorkingFolder.Packages(pipeline.Folder.Normalized))
                await PreviewAsync(package, isOwn: true, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (DltException error) when (!error.IsTransient && error is not ConfigurationException)
        {
            if (step == StepNames.Normalize) _changes = RefusedRows(cancellationToken);
            return new(step, error.Message);
        }
    }

    /// <summary>All rows that a run would stop at, not only the first: normalises once more, with rejects kept.</summary>
    private LoadChanges RefusedRows(CancellationToken cancellationToken)
    {
        if (pipeline.KeepRejects) return LoadChanges.None;
        pipeline.KeepRejects = true;
        try
        {
            warnings.Unheard(() => new NormalizeStep(pipeline).Run(cancellationToken));
            var changes = WorkingFolder.Packages(pipeline.Folder.Normalized).Select(PackageChanges.Read);
            return LoadChanges.None with { Rejected = LoadChanges.Of([.. changes]).Rejected };
        }
        catch (DltException)
        {
            return LoadChanges.None;   // the first error, which the plan shows, is of another kind
        }
    }

    /// <summary>Adds what the load of a package would do.</summary>
    private async Task PreviewAsync(LoadPackage package, bool isOwn, CancellationToken cancellationToken)
    {
        if (!IsNormalized(package)) return;
        var schema = package.LoadSchema(pipeline.Capabilities.MaxIdentifierLength);
        var client = clients.Of(schema.Name);
        if (!isOwn && await client.IsLoadedAsync(package.LoadId, cancellationToken).ConfigureAwait(false)) return;
        var plan = LoadPlanner.PlanOf(package, schema, pipeline.Capabilities);
        new LoadPreparation(pipeline, client).Check(plan, warns: isOwn);
        var preview = await client.PreviewAsync(plan, cancellationToken).ConfigureAwait(false);
        if (preview is null) _isPreviewed = false;
        _statements.AddRange(preview?.Statements ?? []);
        _mergeQueries += preview?.MergeQueries ?? 0;
        if (!isOwn) return;
        _changes = LoadChanges.Of([_changes, PackageChanges.Read(package)]);
        _dropped.AddRange(plan.Dropped.Select(t => t.Name));
        _emptied.AddRange(plan.Emptied.SelectMany(c => c.Tables).Select(t => t.Table.Name));
        var rows = RowCounts.Read(package);
        foreach (var chain in plan.Chains.Where(c => !SystemTables.IsSystemName(c.Root.Name)))
            _tables.AddRange(chain.Tables.Select(t => Planned(chain, t, schema, rows, preview)));
    }

    private PlannedTable Planned(
        TableChain chain, ChainTable table, Schema schema, IReadOnlyDictionary<string, long> rows, LoadPreview? preview)
    {
        var name = table.Table.Name;
        List<PlannedStatement> own = [.. _statements.Where(s => s.Database == preview?.Database
            && name.Equals(s.Table, StringComparison.OrdinalIgnoreCase))];
        ImmutableArray<string> Keys(string hint) => [.. chain.Root.Columns.Where(c => c.Has(hint)).Select(c => c.Name)];
        return new()
        {
            Name = name,
            Format = pipeline.Capabilities.FormatOf(schema, table.Table).Name(),
            Mode = chain.Mode.Name,
            IsMerge = chain.Mode is MergeMode,
            PrimaryKey = Keys(HintNames.PrimaryKey),
            MergeKey = Keys(HintNames.MergeKey),
            IsNew = preview is null ? null : own.Exists(s => s.Kind == PlannedStatementKind.CreateTable),
            Columns =
            [
                .. table.Table.CompleteColumns.Where(c => !SystemTables.IsSystemName(c.Name))
                    .Select(c => new PlannedColumn(c.Name, FileColumnTypes.NameOf(c, pipeline.Capabilities))),
            ],
            NewColumns = [.. own.SelectMany(s => s.NewColumns)],
            Rows = rows.GetValueOrDefault(name),
            Files = table.Jobs.Length,
            Bytes = table.Jobs.Sum(j => new FileInfo(j.FilePath).Length),
        };
    }

    private static PendingPackage Pending(LoadPackage package)
    {
        var isNormalized = IsNormalized(package);
        var rows = isNormalized ? RowCounts.Read(package) : RowCounts.ReadExtracted(package);
        return new(package.LoadId, isNormalized, rows.Where(r => !SystemTables.IsSystemName(r.Key)).ToDictionary());
    }

    private static bool IsNormalized(LoadPackage package) => File.Exists(package.PathOf(PackageFolders.SchemaUpdates))
        || File.Exists(package.PathOf(PackageFolders.AppliedSchemaUpdates));
}

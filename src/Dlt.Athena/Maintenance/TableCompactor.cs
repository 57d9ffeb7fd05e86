using System.Globalization;
using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Compacts Iceberg tables while loads and other engines go on. Files of loads that are not complete stay, because
/// <see cref="LoadRemoval"/> finds rows by their files; so does a table from which such a load may remove rows, because it finds the rows
/// of others by their snapshots.
/// </summary>
/// <param name="tables">Opens the tables, by the name in the catalog; null for one that is gone.</param>
/// <param name="openLoads">Reads the loads that are not complete.</param>
internal sealed class TableCompactor(
    Func<string, CancellationToken, Task<IcebergTable?>> tables, Func<CancellationToken, Task<OpenLoads>> openLoads)
{
    /// <summary>Bytes that are rewritten in one commit, if a partition is not larger. What is committed is not lost later.</summary>
    private const long MaxCommitBytes = 4L << 30;

    /// <summary>Manifests from which they are merged, if they then need half as many at most.</summary>
    private const int MinManifests = 10;

    /// <summary>Times that the files are chosen, because another writer removed them or deleted rows of them.</summary>
    private const int MaxAttempts = 3;

    /// <summary>True for calls that are repeated after every few loads (<see cref="CompactionRules.IsRepeated"/>).</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Says what the compaction of a table would do.</summary>
    public async Task<TableCompaction> PlanAsync(string name, CancellationToken cancellationToken)
    {
        var nothing = new TableCompaction { Table = name };
        if (await tables(name, cancellationToken).ConfigureAwait(false) is not { } table) return Gone(nothing);
        var plan = await ChooseAsync(table, name, cancellationToken).ConfigureAwait(false);
        if (plan.Choice is not { } choice) return nothing with { Skipped = plan.Skipped };
        var files = choice.Groups.SelectMany(g => g).Select(t => t.File).ToList();
        return nothing with
        {
            DataFiles = files.Count,
            SizeBytes = files.Sum(f => f.FileSizeInBytes),
            DeleteFiles = choice.ObsoleteDeletes.Count,
            Manifests = await ManifestsToMergeAsync(table, cancellationToken).ConfigureAwait(false),
            StayedFiles = choice.Stayed,
        };
    }

    /// <summary>Compacts a table.</summary>
    /// <param name="name">Name of the table in the catalog.</param>
    /// <param name="cancellationToken">Stops; what was committed stays.</param>
    /// <exception cref="IcebergException">The table cannot be read or written, or other writers contradict the compaction.</exception>
    public async Task<TableCompaction> RunAsync(string name, CancellationToken cancellationToken)
    {
        var done = new TableCompaction { Table = name };
        for (var attempt = 1; ; attempt++)
        {
            if (await tables(name, cancellationToken).ConfigureAwait(false) is not { } table) return Gone(done);
            var plan = await ChooseAsync(table, name, cancellationToken).ConfigureAwait(false);
            if (plan.Choice is not { } choice) return done with { Skipped = plan.Skipped };
            done = done with { StayedFiles = choice.Stayed };
            try
            {
                var compaction = new Compaction(table);
                foreach (var batch in choice.Batches(MaxCommitBytes))
                {
                    var mixing = new MixedLoadsAction(null, LoadsOf(table, batch), plan.Loads.RecentlyComplete);
                    table = await compaction.RewriteAsync(
                        table.NewTransaction().Patiently().Add(mixing), batch, table.Metadata.DefaultSortOrder, cancellationToken)
                        .ConfigureAwait(false);
                    done = With(done, batch, table);
                }
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                continue;   // the files are chosen again, from what the other writer left
            }

            var manifests = await ManifestsToMergeAsync(table, cancellationToken).ConfigureAwait(false);
            if (manifests > 0) await table.RewriteManifestsAsync(cancellationToken).ConfigureAwait(false);
            return done with { Manifests = manifests };
        }
    }

    private async Task<(CompactionChoice? Choice, OpenLoads Loads, string? Skipped)> ChooseAsync(
        IcebergTable table, string name, CancellationToken cancellationToken)
    {
        var loads = await openLoads(cancellationToken).ConfigureAwait(false);
        if (loads.RemovingFrom(name) is { } removing)
        {
            var pipeline = removing.Content?.Pipeline ?? "NAME";
            return (null, loads, $"Load {removing.LoadId} of pipeline {pipeline}, which may remove rows of the table, is not complete. Run "
                + $"the pipeline, which completes it, or give it up with: dlt pipeline {pipeline} abort-packages.");
        }

        table.Metadata.CheckTakesRows();
        var rules = new CompactionRules { Stays = loads.FilesIn(table.Metadata, name), IsRepeated = IsRepeated };
        return (await new Compaction(table).ChooseAsync(rules, cancellationToken).ConfigureAwait(false), loads, null);
    }

    private static TableCompaction Gone(TableCompaction compaction) => compaction with { Skipped = "Somebody has dropped the table." };

    private static TableCompaction With(TableCompaction done, CompactionBatch batch, IcebergTable committed)
    {
        var written = committed.Metadata.CurrentSnapshot?.Summary.GetValueOrDefault("added-data-files");
        return done with
        {
            DataFiles = done.DataFiles + batch.Tasks.Count,
            SizeBytes = done.SizeBytes + batch.Tasks.Sum(t => t.File.FileSizeInBytes),
            DeleteFiles = done.DeleteFiles + batch.ObsoleteDeletes.Count,
            WrittenFiles = done.WrittenFiles
                + (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0),
        };
    }

    private static HashSet<string> LoadsOf(IcebergTable table, CompactionBatch batch)
    {
        var loads = batch.Tasks.Select(t => MixedLoads.LoadOf(table.Metadata.Find(t.Entry.SnapshotId)));
        return loads.OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The number of manifests of the table, if it has far more than its files need; else 0.</summary>
    private static async Task<int> ManifestsToMergeAsync(IcebergTable table, CancellationToken cancellationToken)
    {
        if (table.Metadata.CurrentSnapshot is not { } current) return 0;
        var reader = new SnapshotReader(table.Files, table.Metadata);
        var all = await reader.ManifestsAsync(current, cancellationToken).ConfigureAwait(false);
        var data = all.Where(m => !m.IsDeletes).ToList();
        var target = WrittenManifests.TargetBytes(table.Metadata);
        var needed = data.GroupBy(m => m.SpecId).Sum(g => 1 + g.Sum(m => m.Length) / target);
        return data.Count >= Math.Max(MinManifests, 2 * needed) ? data.Count : 0;
    }
}

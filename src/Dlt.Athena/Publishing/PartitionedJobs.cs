using System.Collections.Immutable;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>The partitions of a load's files for external tables, known before anything is uploaded.</summary>
internal sealed class PartitionedJobs
{
    private readonly ImmutableDictionary<string, IReadOnlyList<HivePartitionKey>> _keys;
    private readonly ImmutableDictionary<string, IReadOnlyList<HivePartition>> _byJob;
    private readonly ImmutableHashSet<string> _inGlue;

    private PartitionedJobs(
        ImmutableDictionary<string, IReadOnlyList<HivePartitionKey>> keys,
        ImmutableDictionary<string, IReadOnlyList<HivePartition>> byJob, ImmutableHashSet<string> inGlue) =>
        (_keys, _byJob, _inGlue) = (keys, byJob, inGlue);

    /// <summary>A load into tables without partitions.</summary>
    public static PartitionedJobs None { get; } = new(
        ImmutableDictionary<string, IReadOnlyList<HivePartitionKey>>.Empty,
        ImmutableDictionary<string, IReadOnlyList<HivePartition>>.Empty,
        []);

    /// <summary>Reads the partitions of all files of a load.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="isExternal">True for external tables.</param>
    /// <param name="isInGlue">True for tables whose partitions Glue lists.</param>
    /// <param name="capabilities">Determine the types of columns.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="SchemaException">A table cannot be divided as its hint says, or a row has no partition.</exception>
    public static async Task<PartitionedJobs> ReadAsync(
        LoadPlan plan, Func<string, bool> isExternal, Func<TableSchema, bool> isInGlue, DestinationCapabilities capabilities,
        CancellationToken cancellationToken)
    {
        var keysOfTables = ImmutableDictionary.CreateBuilder<string, IReadOnlyList<HivePartitionKey>>(StringComparer.Ordinal);
        var byJob = ImmutableDictionary.CreateBuilder<string, IReadOnlyList<HivePartition>>(StringComparer.Ordinal);
        var inGlue = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var table in plan.Chains.SelectMany(c => c.Tables).Where(t => isExternal(t.Table.Name)))
        {
            var keys = HivePartitionKey.Of(PartitionHints.Named(table.Table, plan.Schema.Naming), capabilities);
            if (keys.IsEmpty) continue;
            keysOfTables[table.Table.Name] = keys;
            var isListed = isInGlue(table.Table);
            if (isListed) inGlue.Add(table.Table.Name);
            foreach (var job in table.Jobs)
            {
                var file = new PartitionedFile(job, keys, isListed);
                byJob[job.JobId] = await file.PartitionsAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return new(keysOfTables.ToImmutable(), byJob.ToImmutable(), inGlue.ToImmutable());
    }

    /// <summary>The partition keys of a table; empty for a table without partitions.</summary>
    public ImmutableArray<HivePartitionKey> KeysOf(string table) => _keys.TryGetValue(table, out var keys) ? [.. keys] : [];

    /// <summary>The tables with partitions.</summary>
    public IEnumerable<string> Tables => _keys.Keys;

    /// <summary>True when Glue lists the partitions of a table.</summary>
    public bool IsInGlue(string table) => _inGlue.Contains(table);

    /// <summary>The partitions of a job's rows; null if its table has no partitions.</summary>
    public IReadOnlyList<HivePartition>? Of(LoadJob job) => _byJob.GetValueOrDefault(job.JobId);

    /// <summary>The partitions of each table with partitions, by its name in lower case.</summary>
    public ImmutableDictionary<string, IReadOnlyList<HivePartition>> ByTable(LoadPlan plan) =>
        plan.Chains.SelectMany(c => c.Tables).Where(t => _keys.ContainsKey(t.Table.Name)).ToImmutableDictionary(
            t => t.Table.Name.ToLowerInvariant(),
            t => t.Jobs.SelectMany(j => _byJob[j.JobId]).DistinctBy(p => p.Folder).ToList() as IReadOnlyList<HivePartition>);
}

using System.Collections.Immutable;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>Lists what a load will write: the content of its publish object, and the keys of its files in external tables.</summary>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="layout">Layout of file keys.</param>
internal sealed class PlannedTables(ObjectLocation dataset, FileLayout layout)
{
    /// <summary>Characters of a location that a message shows.</summary>
    private const int ShownOfKey = 100;

    /// <summary>Name of the pipeline, which the keys of its states show; null for keys that do not.</summary>
    public string? Pipeline { get; set; }

    /// <summary>Location of a job's file in an external table.</summary>
    public ObjectLocation KeyOf(LoadJob job)
    {
        var isState = Pipeline is not null && job.Table.Name == job.Schema.Naming.NormalizeTableIdentifier(SystemTables.State);
        var name = new JobFileName(job.Table.Name, isState ? StateFileId.Of(Pipeline!, job.FileId) : job.FileId, 0, job.Format);
        return dataset.Combine(layout.PathOf(name, job.Schema.Name, job.LoadId, LoadId.ToTime(job.LoadId)));
    }

    /// <summary>Location of the file with the rows of one partition: the folder of the partition follows that of the table.</summary>
    public ObjectLocation KeyOf(LoadJob job, HivePartition partition)
    {
        var whole = KeyOf(job);
        var folder = dataset.Combine(layout.TablePrefix(job.Table.Name)).Key;
        return whole with { Key = $"{folder}{partition.Folder}/{whole.Key[folder.Length..]}" };
    }

    /// <summary>Returns the publish object of a load that begins.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="isExternal">True for external tables.</param>
    /// <param name="partitions">Partitions of the load's files.</param>
    /// <exception cref="ConfigurationException">The layout gives two files of the load one key.</exception>
    /// <exception cref="SchemaException">S3 has no such key; it may be too long.</exception>
    public PublishObject ContentOf(LoadPlan plan, Func<string, bool> isExternal, PartitionedJobs partitions)
    {
        var written = plan.Chains.SelectMany(c => c.Tables).Select(t => t.Table.Name).ToHashSet(StringComparer.Ordinal);
        var lost = plan.Emptied.SelectMany(c => c.Tables).Select(t => t.Table).Concat(plan.Dropped).DistinctBy(t => t.Name).ToList();
        var truncated = lost.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var tables =
            from chain in plan.Chains
            from table in chain.Tables
            let name = table.Table.Name
            let mode = !chain.Mode.ReplacesAllRows && truncated.Contains(name) ? WriteMode.Truncate : chain.Mode
            select isExternal(name)
                ? new PublishedTable(name, mode.Name, KeysOf(table, partitions))
                : new PublishedTable(name, mode.Name, [])
                {
                    Files = [.. table.Jobs.Select(StagedName.Of)],
                    Owner = chain.Mode is MergeMode ? RowOwner.Of(chain, table.Table) : null,
                };
        var emptied = lost.Where(t => !written.Contains(t.Name)).Select(t => new PublishedTable(t.Name, WriteMode.Truncate.Name, []));
        var all = tables.Concat(emptied)
            .Select(t => t.WithFormat(isExternal(t.Name)) with { IsEmptiedFirst = truncated.Contains(t.Name) });
        return new() { LoadId = plan.LoadId, SchemaName = plan.Schema.Name, Tables = [.. all] };
    }

    /// <summary>Refuses keys that S3 does not have.</summary>
    /// <exception cref="SchemaException">S3 has no such key; it may be too long.</exception>
    public static void CheckKeys(PublishedTable table, string bucket)
    {
        foreach (var key in table.Keys) CheckKey(table.Name, new(bucket, key));
    }

    private static void CheckKey(string table, ObjectLocation location)
    {
        if (location.KeyFault is not { } fault) return;
        var begin = string.Concat(location.ToString().EnumerateRunes().Take(ShownOfKey));
        throw new SchemaException(
            $"A file of table '{table}' cannot be stored at {begin}…: its key {fault}. Nothing was loaded; the package stays pending. "
            + "Partition by a column with shorter values, shorten bucket_url or layout, or load into an Iceberg table.")
        { Table = table };
    }

    private IEnumerable<ObjectLocation> LocationsOf(LoadJob job, PartitionedJobs partitions) =>
        partitions.Of(job) is { } own ? own.Select(p => KeyOf(job, p)) : [KeyOf(job)];

    private ImmutableHashSet<string> KeysOf(ChainTable table, PartitionedJobs partitions)
    {
        var keys = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var location in table.Jobs.SelectMany(j => LocationsOf(j, partitions)))
        {
            CheckKey(table.Table.Name, location);
            if (keys.Add(location.Key)) continue;
            throw new ConfigurationException(
                $"The layout '{layout.Pattern}' puts two files of table '{table.Table.Name}' at {location}, so the rows of one would be "
                + "lost. Nothing was loaded. Put {file_id} into destination.filesystem.layout.")
            {
                Fields = ["layout"],
            };
        }

        return keys.ToImmutable();
    }
}

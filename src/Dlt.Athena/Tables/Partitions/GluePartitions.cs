using System.Collections.Immutable;
using System.Globalization;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>The partitions that Glue lists for external tables.</summary>
/// <param name="glue">Catalog of the partitions.</param>
/// <param name="objects">Lists the files.</param>
/// <param name="database">Database of the tables.</param>
internal sealed class GluePartitions(IGlueCatalog glue, IObjectStore objects, string database) : IListedPartitions
{
    private const int MaxAttempts = 20;

    public async Task CheckAsync(GlueTable table, IReadOnlyCollection<HivePartition> partitions, CancellationToken cancellationToken)
    {
        if (partitions.Count == 0) return;
        List<ImmutableArray<string>> values = [.. partitions.Select(p => p.Values)];
        foreach (var found in await glue.FindPartitionsAsync(database, table.Name, values, cancellationToken).ConfigureAwait(false))
            CheckLocation(table, found);
    }

    /// <summary>
    /// Adds partitions. Those that exist get the columns of the table, because Athena reads the columns of the partition.
    /// </summary>
    /// <exception cref="GlueException">A partition could not be added or changed, or other runs changed them each time; others may have
    /// been.</exception>
    public async Task AddAsync(string table, IReadOnlyCollection<ObjectLocation> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0) return;
        var stored = await TableAsync(table, cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; stored is not null && attempt <= MaxAttempts; attempt++)
        {
            var folders = new PartitionFolders(stored);
            var wanted = files.Select(folders.ValuesOf).OfType<ImmutableArray<string>>()
                .DistinctBy(folders.LocationOf).Select(folders.New).ToList();
            if (!await WriteAsync(stored, wanted, cancellationToken).ConfigureAwait(false)) return;
            // Another load may have widened the table in between; it does not know partitions that were added after that.
            var current = await TableAsync(table, cancellationToken).ConfigureAwait(false);
            if (current?.VersionId == stored.VersionId) return;
            stored = current;
        }

        if (stored is not null) throw Contended(stored, "were added while other runs changed the columns of the table");
    }

    /// <summary>A load that adds files at the same time keeps its partition: files come first, so the second listing finds them.</summary>
    public async Task MatchAsync(string table, CancellationToken cancellationToken)
    {
        if (await TableAsync(table, cancellationToken).ConfigureAwait(false) is not { } stored) return;
        var folders = new PartitionFolders(stored);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var filled = await folders.FilledAsync(objects, cancellationToken).ConfigureAwait(false);
        var empty = new List<ImmutableArray<string>>();
        await foreach (var partition in glue.GetPartitionsAsync(database, stored.Name, cancellationToken).ConfigureAwait(false))
        {
            var location = partition.StorageDescriptor?.Location?.TrimEnd('/') ?? "";
            if (location == folders.LocationOf(partition.Values).TrimEnd('/') && !filled.ContainsKey(location)) empty.Add(partition.Values);
            else known.Add(location);
        }

        if (empty.Count > 0)
        {
            var errors = await glue.DeletePartitionsAsync(database, stored.Name, empty, cancellationToken).ConfigureAwait(false);
            Check(stored, errors.Where(e => !e.IsNotFound));
            filled = await folders.FilledAsync(objects, cancellationToken).ConfigureAwait(false);
        }

        List<ObjectLocation> lacking = [.. filled.Where(f => !known.Contains(f.Key)).Select(f => f.Value)];
        await AddAsync(table, lacking, cancellationToken).ConfigureAwait(false);
    }

    public async Task WidenAsync(GlueTable table, ImmutableArray<GlueColumn> columns, CancellationToken cancellationToken)
    {
        if (!PartitionListing.IsInGlue(table)) return;
        var stale = new List<GluePartition>();
        await foreach (var partition in glue.GetPartitionsAsync(database, table.Name, cancellationToken).ConfigureAwait(false))
            if (Lacks(partition, columns)) stale.Add(With(partition, columns));
        await UpdateAsync(table, stale, cancellationToken).ConfigureAwait(false);
    }

    private async Task<GlueTable?> TableAsync(string table, CancellationToken cancellationToken) =>
        await glue.GetTableAsync(database, table, cancellationToken).ConfigureAwait(false) is { } stored
            && PartitionListing.IsInGlue(stored) ? stored : null;

    /// <summary>Creates partitions, and brings existing ones up to the columns of the table.</summary>
    /// <returns>False when all of them existed with these columns.</returns>
    private async Task<bool> WriteAsync(GlueTable table, List<GluePartition> wanted, CancellationToken cancellationToken)
    {
        var isChanged = false;
        for (var attempt = 1; wanted.Count > 0; attempt++)
        {
            var errors = await glue.CreatePartitionsAsync(database, table.Name, wanted, cancellationToken).ConfigureAwait(false);
            Check(table, errors.Where(e => !e.IsAlreadyExists));
            isChanged |= errors.Count < wanted.Count;
            if (errors.Count == 0) return true;
            List<ImmutableArray<string>> existing = [.. errors.Select(e => e.Values)];
            var found = await glue.FindPartitionsAsync(database, table.Name, existing, cancellationToken).ConfigureAwait(false);
            foreach (var partition in found) CheckLocation(table, partition);
            var stale = found.Where(p => Lacks(p, table.Columns)).Select(p => With(p, table.Columns)).ToList();
            var gone = await UpdateAsync(table, stale, cancellationToken).ConfigureAwait(false);
            isChanged |= stale.Count > 0;
            // A replace may remove a partition between the calls.
            var there = found.Select(p => Id(p.Values)).Except(gone.Select(g => Id(g.Values))).ToHashSet(StringComparer.Ordinal);
            var lost = existing.Select(Id).Where(id => !there.Contains(id)).ToHashSet(StringComparer.Ordinal);
            wanted = [.. wanted.Where(p => lost.Contains(Id(p.Values)))];
            if (attempt == MaxAttempts && wanted is [var one, ..])
                throw Contended(table, $"were removed by other runs while this one added them, such as ({string.Join(", ", one.Values)})");
        }

        return isChanged;
    }

    /// <returns>The partitions among them that are gone.</returns>
    private async Task<IReadOnlyList<GluePartitionError>> UpdateAsync(
        GlueTable table, List<GluePartition> stale, CancellationToken cancellationToken)
    {
        if (stale.Count == 0) return [];
        var errors = await glue.UpdatePartitionsAsync(database, table.Name, stale, cancellationToken).ConfigureAwait(false);
        Check(table, errors.Where(e => !e.IsNotFound));
        return errors;
    }

    private static bool Lacks(GluePartition partition, ImmutableArray<GlueColumn> columns)
    {
        var own = (partition.StorageDescriptor?.Columns ?? []).ToLookup(c => c.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
        return columns.Any(c => !own[c.Name].Contains(c.Type, StringComparer.OrdinalIgnoreCase));
    }

    private static GluePartition With(GluePartition partition, ImmutableArray<GlueColumn> columns) =>
        partition with { StorageDescriptor = (partition.StorageDescriptor ?? new()) with { Columns = columns } };

    private static string Id(ImmutableArray<string> values) => string.Join('\0', values);

    private void CheckLocation(GlueTable table, GluePartition partition)
    {
        var expected = new PartitionFolders(table).LocationOf(partition.Values);
        var location = partition.StorageDescriptor?.Location ?? "";
        if (location.TrimEnd('/') == expected.TrimEnd('/')) return;
        throw new SchemaException(
            $"Partition ({string.Join(", ", partition.Values)}) of table '{database}.{table.Name}' reads from {location}, but its files "
            + $"would be written to {expected}, so loaded rows would not be visible. Nothing was loaded. Delete the partition in Glue, and "
            + "the next run creates it again, or load into a table of another name.")
        { Table = table.Name };
    }

    /// <summary>The error after the last attempt: without it, rows would be invisible although the load is complete.</summary>
    private GlueException Contended(GlueTable table, string what) => new(
        "ConcurrentModificationException",
        string.Create(CultureInfo.InvariantCulture, $"Partitions of table '{database}.{table.Name}' {what}, {MaxAttempts} times. ")
            + "The load is not complete; the package stays pending. Run again when no other run loads this table.")
    { IsTransient = true };

    private void Check(GlueTable table, IEnumerable<GluePartitionError> errors)
    {
        if (errors.FirstOrDefault() is not { } error) return;
        throw new GlueException(error.ErrorCode,
            $"Glue refused partition ({string.Join(", ", error.Values)}) of table '{database}.{table.Name}': {error.ErrorCode}. "
            + $"{error.Message} The load is not complete; the package stays pending. Run again.")
        {
            IsTransient = error.ErrorCode is "InternalServiceException" or "OperationTimeoutException" or "ThrottlingException"
                or "ConcurrentModificationException",
        };
    }
}

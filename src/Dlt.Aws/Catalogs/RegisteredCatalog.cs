using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// The tables of a data catalog that is registered in Athena. Its type decides at the first call: Glue serves those of type GLUE; those of
/// type HIVE and LAMBDA are read by Athena's metadata calls, and changed by statements only.
/// </summary>
/// <param name="lookup">The data catalog.</param>
/// <param name="glue">The catalog, if Glue serves it.</param>
/// <param name="metadata">Reads the catalog otherwise.</param>
internal sealed class RegisteredCatalog(DataCatalogLookup lookup, AwsGlueCatalog glue, AthenaMetadata metadata)
    : IGlueCatalog, IRegisteredCatalog
{
    public string Name => lookup.Name;

    public string? ForeignType => lookup.Known is { IsForeign: true, Type: var type } ? type : null;

    public async ValueTask<string?> FindForeignTypeAsync(CancellationToken cancellationToken = default)
    {
        await lookup.FindAsync(cancellationToken).ConfigureAwait(false);
        return ForeignType;
    }

    public async Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        await (await IsForeignAsync(cancellationToken).ConfigureAwait(false)
            ? metadata.GetDatabaseAsync(name, cancellationToken)
            : glue.GetDatabaseAsync(name, cancellationToken)).ConfigureAwait(false);

    public IAsyncEnumerable<GlueDatabase> GetDatabasesAsync(CancellationToken cancellationToken = default) =>
        ListAsync(metadata.GetDatabasesAsync, glue.GetDatabasesAsync, cancellationToken);

    public async Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        await (await IsForeignAsync(cancellationToken).ConfigureAwait(false)
            ? metadata.GetTableAsync(database, name, cancellationToken)
            : glue.GetTableAsync(database, name, cancellationToken)).ConfigureAwait(false);

    public IAsyncEnumerable<GlueTable> GetTablesAsync(string database, CancellationToken cancellationToken = default) => ListAsync(
        stop => metadata.GetTablesAsync(database, expression: null, stop), stop => glue.GetTablesAsync(database, stop), cancellationToken);

    public IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, CancellationToken cancellationToken = default) => ListAsync(
        stop => metadata.FindTablesAsync(database, names, stop), stop => glue.FindTablesAsync(database, names, stop), cancellationToken);

    /// <summary>Lists the partitions that Glue has. The metadata calls of Athena have none.</summary>
    public IAsyncEnumerable<GluePartition> GetPartitionsAsync(
        string database, string table, CancellationToken cancellationToken = default) => ListAsync(
        _ => throw NoPartitions(database, table), stop => glue.GetPartitionsAsync(database, table, stop), cancellationToken);

    public async Task<IReadOnlyList<GluePartition>> FindPartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        await IsForeignAsync(cancellationToken).ConfigureAwait(false)
            ? throw NoPartitions(database, table)
            : await glue.FindPartitionsAsync(database, table, values, cancellationToken).ConfigureAwait(false);

    /// <summary>Lists the versions that Glue has archived; other catalogs archive none.</summary>
    public IAsyncEnumerable<string> GetTableVersionIdsAsync(
        string database, string table, CancellationToken cancellationToken = default) => ListAsync(
        _ => AsyncEnumerable.Empty<string>(), stop => glue.GetTableVersionIdsAsync(database, table, stop), cancellationToken);

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.CreateDatabaseAsync(database, cancellationToken), cancellationToken);

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.DeleteDatabaseAsync(name, cancellationToken), cancellationToken);

    public Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.CreateTableAsync(database, table, cancellationToken), cancellationToken);

    public Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.UpdateTableAsync(database, table, versionId, skipArchive, cancellationToken), cancellationToken);

    public Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.DeleteTableAsync(database, name, cancellationToken), cancellationToken);

    public Task DeleteTableVersionsAsync(
        string database, string table, IReadOnlyCollection<string> versionIds, CancellationToken cancellationToken = default) =>
        ChangeAsync(() => glue.DeleteTableVersionsAsync(database, table, versionIds, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> CreatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        ChangePartitionsAsync(() => glue.CreatePartitionsAsync(database, table, partitions, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> UpdatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        ChangePartitionsAsync(() => glue.UpdatePartitionsAsync(database, table, partitions, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> DeletePartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        ChangePartitionsAsync(() => glue.DeletePartitionsAsync(database, table, values, cancellationToken), cancellationToken);

    private async ValueTask<bool> IsForeignAsync(CancellationToken cancellationToken) =>
        await FindForeignTypeAsync(cancellationToken).ConfigureAwait(false) is not null;

    private async IAsyncEnumerable<T> ListAsync<T>(
        Func<CancellationToken, IAsyncEnumerable<T>> read, Func<CancellationToken, IAsyncEnumerable<T>> readGlue,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isForeign = await IsForeignAsync(cancellationToken).ConfigureAwait(false);
        var found = isForeign ? read(cancellationToken) : readGlue(cancellationToken);
        await foreach (var item in found.ConfigureAwait(false)) yield return item;
    }

    private async Task ChangeAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        if (await IsForeignAsync(cancellationToken).ConfigureAwait(false)) throw StatementsOnly();
        await change().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<GluePartitionError>> ChangePartitionsAsync(
        Func<Task<IReadOnlyList<GluePartitionError>>> change, CancellationToken cancellationToken) =>
        await IsForeignAsync(cancellationToken).ConfigureAwait(false) ? throw StatementsOnly() : await change().ConfigureAwait(false);

    private ConfigurationException StatementsOnly() => new(
        $"The data catalog '{Name}' of Athena is of type {ForeignType}: only statements of Athena change it, and no call of Glue. Nothing "
        + "was changed. Set ddl = \"athena\" in [destination.athena].")
    { Fields = ["ddl", "aws_data_catalog"] };

    private DltException NoPartitions(string database, string table) => new(
        $"The data catalog '{Name}' of Athena is of type {ForeignType}, and Athena's calls do not give the partitions of table "
        + $"'{database}.{table}'. Ask for them with SHOW PARTITIONS.");
}

using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>
/// Catalog of Iceberg tables in a folder on a disk; it needs no service. The metadata files are
/// <c>namespace/table/metadata/vN.metadata.json</c>, or <c>vN.gz.metadata.json</c> after the table has set
/// <c>write.metadata.compression-codec</c>. A commit creates the file of the next version, and only one process can create it.
/// </summary>
/// <param name="warehouse">Path of the folder.</param>
/// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
public sealed class FolderCatalog(string warehouse, TimeProvider? time = null) : MetastoreCatalog(time)
{
    private readonly string _root = Path.GetFullPath(warehouse);

    /// <inheritdoc/>
    public override IFileIO Files { get; } = new LocalFileIO();

    /// <inheritdoc/>
    public override Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var versions = new FolderVersions(FolderOf(identifier));
        return ReadTableAsync(identifier, _ => Task.FromResult(versions.CurrentLocation()), cancellationToken);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var folder = Path.Combine(_root, Checked(@namespace));
        if (!Directory.Exists(folder)) yield break;
        foreach (var table in Directory.GetDirectories(folder).Order(StringComparer.Ordinal))
            if (new FolderVersions(table).Current() is not null) yield return new(@namespace, Path.GetFileName(table));
    }

    /// <summary>Deletes the folder of the table with all its files.</summary>
    /// <exception cref="IcebergException">The table does not exist.</exception>
    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var folder = FolderOf(identifier);
        if (new FolderVersions(folder).Current() is null)
            throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.");
        Directory.Delete(folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task<Table> AddTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var folder = FolderOf(identifier);
        if (metadata.Location != "file://" + folder || metadata.Properties.ContainsKey("write.metadata.path"))
        {
            throw IcebergException.Illegal(
                $"A folder catalog stores table '{identifier}' in {folder}. Remove the location, or the property write.metadata.path.");
        }

        var versions = new FolderVersions(folder);
        var location = versions.Next(null);
        var content = TableMetadataJson.Write(metadata, location);
        if (versions.Current() is not null || !await Files.TryCreateAsync(location, content, cancellationToken).ConfigureAwait(false))
            throw new IcebergException(IcebergError.AlreadyExists, $"Table '{identifier}' already exists. It was not changed.");
        versions.WriteHint(1);
        return new Table(identifier, metadata, location, Files, this);
    }

    /// <inheritdoc/>
    protected override async Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var versions = new FolderVersions(LocalFileIO.PathOf(basis.Metadata.Location));
        var version = FolderVersions.VersionOf(metadataLocation)!.Value;
        if (versions.IsOutdated(version)) return CommitOutcome.Conflict;
        var content = TableMetadataJson.Write(next, metadataLocation);
        if (!await Files.TryCreateAsync(metadataLocation, content, cancellationToken).ConfigureAwait(false)) return CommitOutcome.Conflict;
        if (versions.Current() is { } current && current > version)
            return await BehindAsync(basis, metadataLocation, next, cancellationToken).ConfigureAwait(false);
        versions.WriteHint(version);
        return CommitOutcome.Committed;
    }

    /// <summary>
    /// Decides about a new version that is behind the current one. Either other writers already committed on top of it, or its name was
    /// free only because they had deleted an older file of that name.
    /// </summary>
    private async Task<CommitOutcome> BehindAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var now = (await basis.ReloadAsync(cancellationToken).ConfigureAwait(false)).Metadata;
        List<long> made = [.. next.Snapshots.Select(s => s.SnapshotId).Where(id => basis.Metadata.Find(id) is null)];
        var isBuiltOn = now.MetadataLog.Any(e => e.MetadataFile == metadataLocation)
            || (made.Count > 0 && made.TrueForAll(id => now.Find(id) is not null));
        if (isBuiltOn) return CommitOutcome.Committed;
        await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
        return CommitOutcome.Conflict;
    }

    /// <inheritdoc/>
    protected override string NextMetadataLocation(Table? basis, TableMetadata next) =>
        new FolderVersions(LocalFileIO.PathOf(next.Location)).Next(basis);

    /// <inheritdoc/>
    protected override Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        Task.FromResult("file://" + FolderOf(identifier));

    private string FolderOf(TableIdentifier identifier) =>
        Path.Combine(_root, Checked(identifier.Namespace), Checked(identifier.Name));

    private static string Checked(string name)
    {
        var isFolderName = name.Length > 0 && name is not ("." or "..") && name.IndexOfAny(['/', '\\', '\0']) < 0;
        return isFolderName ? name : throw new ArgumentException($"'{name}' cannot be the name of a folder.");
    }
}

using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// A catalog that stores for each table the location of its current metadata file. A commit writes the next file and moves that pointer. If
/// several writers move it from the same file, only one succeeds.
/// </summary>
/// <remarks>
/// Derive a custom catalog from this class. Seven members define where tables are stored, how they are created and dropped, and how the
/// pointer is moved (docs/iceberg.md, "A catalog of your own"). This class and <see cref="Transaction"/> handle conflicts and retries.
/// Members can be called from several threads and processes at once.
/// </remarks>
public abstract class MetastoreCatalog : Catalog
{
    /// <summary>Initializes a catalog.</summary>
    /// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
#pragma warning disable RS0022   // only this class opens Catalog for derivation
    protected MetastoreCatalog(TimeProvider? time = null) : base(time)
    {
    }
#pragma warning restore RS0022

    internal override bool WritesMetadata => true;

    /// <summary>True when metadata files have the usual names, whose extension shows whether a file is compressed.</summary>
    internal override bool NamesMetadata => true;

    internal sealed override async Task<CommitResult> CommitTableAsync(
        Table basis, TableCommit commit, CancellationToken cancellationToken)
    {
        if (!commit.IsAllowedBy(basis.Metadata)) return CommitResult.Conflict;
        var next = new TableMetadataBuilder(basis.Metadata, Time.GetUtcNow()).Apply(commit.Updates).Complete(basis.MetadataLocation);
        Check(basis.Metadata, next);
        var location = NextMetadataLocation(basis, next);
        var outcome = await MovePointerAsync(basis, location, next, cancellationToken).ConfigureAwait(false);
        return outcome == CommitOutcome.Conflict
            ? CommitResult.Conflict
            : new(outcome, new Table(basis.Identifier!, next, location, basis.Files, this));
    }

    internal sealed override Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken) =>
        AddTableAsync(identifier, metadata, cancellationToken);

    internal sealed override Task<string> DefaultLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        NewTableLocationAsync(identifier, cancellationToken);

    /// <summary>Chooses the folder of a new table.</summary>
    /// <param name="identifier">Namespace and name of the table, which does not exist yet.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>A location that <see cref="Catalog.Files"/> accepts, such as <c>s3://bucket/shop/orders</c>.</returns>
    /// <exception cref="IcebergException">The namespace does not exist, or it has no folder for tables. Nothing was created.</exception>
    protected abstract Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken);

    /// <summary>Writes the first metadata file of a table and adds the table to the catalog.</summary>
    /// <param name="identifier">Namespace and name of the table.</param>
    /// <param name="metadata">First version of the metadata. Write it with <see cref="WriteMetadataAsync"/> to the location that
    /// <see cref="NextMetadataLocation"/> returns.</param>
    /// <param name="cancellationToken">Cancels the call. The table may have been created already.</param>
    /// <exception cref="IcebergException">The table already exists (<see cref="IcebergError.AlreadyExists"/>). It was not
    /// changed.</exception>
    protected abstract Task<Table> AddTableAsync(TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Writes a metadata file and makes it the current one, if the current file is still the one of
    /// <paramref name="basis"/>.</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="metadataLocation">Location for the new file. No file exists there yet.</param>
    /// <param name="next">Metadata of the new version. Write it with <see cref="WriteMetadataAsync"/>.</param>
    /// <param name="cancellationToken">Cancels the call. The commit may have been made already.</param>
    /// <returns>
    /// <see cref="CommitOutcome.Conflict"/> only when this call did not move the pointer and never will; the commit is then retried on the
    /// current version. <see cref="CommitOutcome.Unknown"/> when the answer of the metastore was lost; the table is then read to find out.
    /// </returns>
    /// <exception cref="IcebergException">The table was dropped, or the catalog refuses the commit. Nothing was committed.</exception>
    protected abstract Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken);

    /// <summary>Chooses the location of the next metadata file.</summary>
    /// <param name="basis">The current version of the table; null for a new table.</param>
    /// <param name="next">Metadata of the next version.</param>
    protected virtual string NextMetadataLocation(Table? basis, TableMetadata next)
    {
        var version = basis is null ? 0 : VersionOf(basis.MetadataLocation) + 1;
        var folder = TableLocations.Metadata(next);
        var suffix = TableMetadataJson.SuffixOf(next);
        return string.Create(CultureInfo.InvariantCulture, $"{folder}/{version:00000}-{Guid.NewGuid():D}{suffix}");
    }

    /// <summary>Reads the metadata file that the pointer of a table names.</summary>
    /// <param name="identifier">Namespace and name of the table.</param>
    /// <param name="pointer">Returns the location of the current metadata file; null when the table does not exist.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The current version of the table; null when it does not exist.</returns>
    /// <exception cref="IcebergException">The file does not exist, or it is damaged.</exception>
    protected async Task<Table?> ReadTableAsync(
        TableIdentifier identifier, Func<CancellationToken, Task<string?>> pointer, CancellationToken cancellationToken) =>
        await CurrentMetadata.ReadAsync(pointer, Files.ReadAsync, cancellationToken).ConfigureAwait(false) is { } found
            ? NewTable(identifier, found.Metadata, found.Location)
            : null;

    /// <summary>Writes a metadata file, compressed if the properties of the table ask for it.</summary>
    /// <param name="location">Location for the file, as <see cref="NextMetadataLocation"/> returns it.</param>
    /// <param name="metadata">Metadata to write.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    protected Task WriteMetadataAsync(string location, TableMetadata metadata, CancellationToken cancellationToken) =>
        Files.WriteAsync(location, TableMetadataJson.Write(metadata, location), cancellationToken);

    /// <summary>Creates the table object for a version of the metadata.</summary>
    /// <param name="identifier">Namespace and name of the table.</param>
    /// <param name="metadata">The current metadata.</param>
    /// <param name="metadataLocation">Location of the metadata file.</param>
    protected Table NewTable(TableIdentifier identifier, TableMetadata metadata, string metadataLocation) =>
        new(identifier, metadata, metadataLocation, Files, this);

    private static int VersionOf(string location)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0) return -1;
        return int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }
}

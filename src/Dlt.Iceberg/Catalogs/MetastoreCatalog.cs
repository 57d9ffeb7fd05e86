using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// A catalog that keeps, for each table, where its current metadata file is. Whoever commits writes the next file and moves that pointer;
/// of several who move it from the same file, one succeeds.
/// </summary>
/// <remarks>
/// The class to derive a catalog of your own from: seven members say where tables are, how one is made and dropped, and how its pointer is
/// moved (docs/iceberg.md, "A catalog of your own"). All else, such as conflicts and repeated attempts, is done here and in
/// <see cref="Transaction"/>. Members can be called from several threads and processes at once.
/// </remarks>
public abstract class MetastoreCatalog : Catalog
{
    /// <summary>Begins a catalog.</summary>
    /// <param name="time">The clock of commits; null for that of the system.</param>
#pragma warning disable RS0022   // Catalog itself stays closed: it has no protected members
    protected MetastoreCatalog(TimeProvider? time = null) : base(time)
    {
    }
#pragma warning restore RS0022

    internal override bool WritesMetadata => true;

    /// <summary>True where metadata files have the usual names, which tell whether the file is compressed.</summary>
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
    /// <param name="identifier">The table, which is not there yet.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>A location as <see cref="Catalog.Files"/> takes it, such as <c>s3://bucket/shop/orders</c>.</returns>
    /// <exception cref="IcebergException">There is no such namespace, or it has no folder for tables. Nothing was made.</exception>
    protected abstract Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken);

    /// <summary>Writes the first metadata file of a table, and puts the table into the catalog.</summary>
    /// <param name="identifier">The table.</param>
    /// <param name="metadata">Its first version: <see cref="WriteMetadataAsync"/> writes it to <see cref="NextMetadataLocation"/>.</param>
    /// <param name="cancellationToken">Stops; the table is then there or not.</param>
    /// <exception cref="IcebergException">There is such a table already (<see cref="IcebergError.AlreadyExists"/>). It was not
    /// changed.</exception>
    protected abstract Task<Table> AddTableAsync(TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Writes a metadata file and makes it the table's current one, if the current one is still that of the basis.</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="metadataLocation">Where the file goes; nothing is there yet.</param>
    /// <param name="next">What is in it: <see cref="WriteMetadataAsync"/> writes it.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    /// <returns>
    /// <see cref="CommitOutcome.Conflict"/> only when the pointer was not moved and never will be by this call: the commit is made again on
    /// top of what is there then. <see cref="CommitOutcome.Unknown"/> when the answer of the metastore was lost: the table is asked.
    /// </returns>
    /// <exception cref="IcebergException">The table was dropped, or the catalog refuses the commit. Nothing was committed.</exception>
    protected abstract Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken);

    /// <summary>Chooses where the next metadata file goes (docs/spec/iceberg.md 2.6).</summary>
    /// <param name="basis">The table before; null for a new one.</param>
    /// <param name="next">What will be in the file.</param>
    protected virtual string NextMetadataLocation(Table? basis, TableMetadata next)
    {
        var version = basis is null ? 0 : VersionOf(basis.MetadataLocation) + 1;
        var suffix = TableMetadataJson.SuffixOf(next);
        return string.Create(CultureInfo.InvariantCulture, $"{TableLocations.Metadata(next)}/{version:00000}-{Guid.NewGuid():D}{suffix}");
    }

    /// <summary>Reads the table that a pointer of the catalog leads to.</summary>
    /// <param name="identifier">Its namespace and name.</param>
    /// <param name="pointer">Looks up where its metadata file is; null when there is no table.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IcebergException">The file is not there, or damaged.</exception>
    protected async Task<Table?> ReadTableAsync(
        TableIdentifier identifier, Func<CancellationToken, Task<string?>> pointer, CancellationToken cancellationToken) =>
        await CurrentMetadata.ReadAsync(pointer, Files.ReadAsync, cancellationToken).ConfigureAwait(false) is { } found
            ? NewTable(identifier, found.Metadata, found.Location)
            : null;

    /// <summary>Writes a metadata file, packed where the table's properties want it so.</summary>
    /// <param name="location">Where the file goes, as <see cref="NextMetadataLocation"/> says.</param>
    /// <param name="metadata">What is in it.</param>
    /// <param name="cancellationToken">Stops.</param>
    protected Task WriteMetadataAsync(string location, TableMetadata metadata, CancellationToken cancellationToken) =>
        Files.WriteAsync(location, TableMetadataJson.Write(metadata, location), cancellationToken);

    /// <summary>A table of this catalog.</summary>
    /// <param name="identifier">Its namespace and name.</param>
    /// <param name="metadata">Its current version.</param>
    /// <param name="metadataLocation">The file that has it.</param>
    protected Table NewTable(TableIdentifier identifier, TableMetadata metadata, string metadataLocation) =>
        new(identifier, metadata, metadataLocation, Files, this);

    private static int VersionOf(string location)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version : -1;
    }
}

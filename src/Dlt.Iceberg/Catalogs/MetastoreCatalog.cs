using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// A catalog that keeps, for each table, where its current metadata file is. Whoever commits writes the next file and moves that pointer;
/// of several who move it from the same file, one succeeds.
/// </summary>
public abstract class MetastoreCatalog : Catalog
{
    internal MetastoreCatalog(TimeProvider? time) : base(time)
    {
    }

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

    /// <summary>Writes a metadata file and makes it the table's current one, if the current one is still that of the basis.</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="metadataLocation">Where the file goes.</param>
    /// <param name="next">What is in it.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    /// <exception cref="IcebergException">The table was dropped, or the catalog refuses the commit. Nothing was committed.</exception>
    internal abstract Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken);

    /// <summary>Chooses where the next metadata file goes (spec/iceberg.md 2.6).</summary>
    /// <param name="basis">The table before; null for a new one.</param>
    /// <param name="next">What will be in the file.</param>
    internal virtual string NextMetadataLocation(Table? basis, TableMetadata next)
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
    private protected async Task<Table?> ReadTableAsync(
        TableIdentifier identifier, Func<CancellationToken, Task<string?>> pointer, CancellationToken cancellationToken) =>
        await CurrentMetadata.ReadAsync(pointer, Files.ReadAsync, cancellationToken).ConfigureAwait(false) is { } found
            ? new Table(identifier, found.Metadata, found.Location, Files, this)
            : null;

    private static int VersionOf(string location)
    {
        var name = location[(location.LastIndexOf('/') + 1)..];
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && int.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version : -1;
    }
}

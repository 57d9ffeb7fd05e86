using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>A table as its catalog has it at one moment.</summary>
public sealed class Table
{
    /// <summary>A table of a catalog.</summary>
    internal Table(TableIdentifier identifier, TableMetadata metadata, string metadataLocation, IFileIO files, Catalog? catalog)
    {
        Identifier = identifier;
        Name = identifier.ToString();
        Metadata = metadata;
        MetadataLocation = metadataLocation;
        Files = files;
        Catalog = catalog;
    }

    /// <summary>A table of a metadata file.</summary>
    private Table(TableMetadata metadata, string metadataLocation, IFileIO files)
    {
        Name = metadataLocation;
        Metadata = metadata;
        MetadataLocation = metadataLocation;
        Files = files;
    }

    /// <summary>What the catalog knows the table by; null for a table that was opened by its metadata file.</summary>
    public TableIdentifier? Identifier { get; }

    /// <summary>The identifier as text, or the location of the metadata file that the table was opened by.</summary>
    public string Name { get; }

    /// <summary>Schemas, specs, snapshots, properties.</summary>
    public TableMetadata Metadata { get; }

    /// <summary>The file that the metadata was read from.</summary>
    public string MetadataLocation { get; }

    internal IFileIO Files { get; }

    /// <summary>Null for a table that was opened by its metadata file: it cannot be changed.</summary>
    internal Catalog? Catalog { get; }

    /// <summary>Opens a table by a metadata file in S3; it can be read, not changed.</summary>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static Task<Table> OpenAsync(IObjectStore store, string metadataLocation, CancellationToken cancellationToken = default) =>
        OpenAsync(new ObjectFileIO(store), metadataLocation, cancellationToken);

    /// <summary>Opens a table by a metadata file on a disk; it can be read, not changed.</summary>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static Task<Table> OpenAsync(string metadataLocation, CancellationToken cancellationToken = default) =>
        OpenAsync(new LocalFileIO(), metadataLocation, cancellationToken);

    /// <summary>The rows of main; the scan can be narrowed to others.</summary>
    public TableScan Scan() => new(Metadata, MetadataLocation, Files);

    /// <summary>Changes that are committed together.</summary>
    /// <param name="branch">The branch whose rows are changed, and which the snapshots go to.</param>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file.</exception>
    public Transaction NewTransaction(string branch = SnapshotRef.Main) => new(this, branch);

    /// <summary>The table as its catalog has it now.</summary>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file, which does not change.</exception>
    /// <exception cref="IcebergException">The table was dropped, or dropped and made again: it is another one then.</exception>
    public async Task<Table> ReloadAsync(CancellationToken cancellationToken = default)
    {
        if (Catalog is null)
            throw new InvalidOperationException($"'{Name}' was opened by its metadata file, which never changes. Load it from a catalog.");
        var now = await Catalog.LoadTableAsync(Identifier!, cancellationToken).ConfigureAwait(false);
        if (Metadata.TableUuid is null || now.Metadata.TableUuid == Metadata.TableUuid) return now;
        throw new IcebergException(
            IcebergError.Conflict,
            $"Table '{Name}' was dropped and made again by others: its uuid is {now.Metadata.TableUuid}, and was {Metadata.TableUuid}. "
            + "Nothing was committed or deleted. "
            + "Load it again.");
    }

    /// <summary>Opens a table by a metadata file; it can be read, not changed.</summary>
    /// <param name="files">Reads the table's files.</param>
    /// <param name="metadataLocation">The metadata file.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static async Task<Table> OpenAsync(IFileIO files, string metadataLocation, CancellationToken cancellationToken = default) =>
        new(TableMetadataJson.Read(await files.ReadAsync(metadataLocation, cancellationToken).ConfigureAwait(false), metadataLocation),
            metadataLocation, files);
}

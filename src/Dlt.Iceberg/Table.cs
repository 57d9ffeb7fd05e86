using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>One version of an Iceberg table: the state that its catalog or a metadata file gave. It never changes.</summary>
public sealed class Table
{
    /// <summary>Creates a table that a catalog loaded or committed.</summary>
    internal Table(TableIdentifier identifier, TableMetadata metadata, string metadataLocation, IFileIO files, Catalog? catalog)
    {
        Identifier = identifier;
        Name = identifier.ToString();
        Metadata = metadata;
        MetadataLocation = metadataLocation;
        Files = files;
        Catalog = catalog;
    }

    /// <summary>Creates a table that was opened by its metadata file.</summary>
    private Table(TableMetadata metadata, string metadataLocation, IFileIO files)
    {
        Name = metadataLocation;
        Metadata = metadata;
        MetadataLocation = metadataLocation;
        Files = files;
    }

    /// <summary>Namespace and name of the table in its catalog; null for a table that was opened by its metadata file.</summary>
    public TableIdentifier? Identifier { get; }

    /// <summary>The identifier as text; for a table that was opened by its metadata file, the location of that file.</summary>
    public string Name { get; }

    /// <summary>Schemas, partition specs, snapshots and properties of this version.</summary>
    public TableMetadata Metadata { get; }

    /// <summary>Location of the metadata file of this version.</summary>
    public string MetadataLocation { get; }

    internal IFileIO Files { get; }

    /// <summary>The catalog that commits go to; null for a table that was opened by its metadata file and cannot be changed.</summary>
    internal Catalog? Catalog { get; }

    /// <summary>Opens a table by a metadata file in S3. Such a table can be read, but not changed.</summary>
    /// <param name="store">Object store that holds the files of the table.</param>
    /// <param name="metadataLocation">Location of the metadata file, such as <c>s3://bucket/t/metadata/v1.metadata.json</c>.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static Task<Table> OpenAsync(IObjectStore store, string metadataLocation, CancellationToken cancellationToken = default) =>
        OpenAsync(new ObjectFileIO(store), metadataLocation, cancellationToken);

    /// <summary>Opens a table by a metadata file on a disk. Such a table can be read, but not changed.</summary>
    /// <param name="metadataLocation">Path or <c>file://</c> location of the metadata file.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static Task<Table> OpenAsync(string metadataLocation, CancellationToken cancellationToken = default) =>
        OpenAsync(new LocalFileIO(), metadataLocation, cancellationToken);

    /// <summary>Scans the rows of the current snapshot. The scan itself can choose another snapshot, columns and a filter.</summary>
    public TableScan Scan() => new(Metadata, MetadataLocation, Files);

    /// <summary>Starts a transaction: changes that are committed together.</summary>
    /// <param name="branch">The branch whose rows are changed. New snapshots are added to it.</param>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file.</exception>
    public Transaction NewTransaction(string branch = SnapshotRef.Main) => new(this, branch);

    /// <summary>Loads the current version of the table from its catalog.</summary>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file, which does not change.</exception>
    /// <exception cref="IcebergException">The table was dropped, or another table now has its name.</exception>
    public async Task<Table> ReloadAsync(CancellationToken cancellationToken = default)
    {
        if (Catalog is null)
            throw new InvalidOperationException($"'{Name}' was opened by its metadata file, which never changes. Load it from a catalog.");
        var now = await Catalog.LoadTableAsync(Identifier!, cancellationToken).ConfigureAwait(false);
        if (Metadata.TableUuid is null || now.Metadata.TableUuid == Metadata.TableUuid) return now;
        throw new IcebergException(
            IcebergError.Conflict,
            $"Another writer dropped table '{Name}' and created it again: its uuid was {Metadata.TableUuid} and is now "
            + $"{now.Metadata.TableUuid}. Nothing was committed or deleted. Load the table again with LoadTableAsync.");
    }

    /// <summary>Opens a table by a metadata file. Such a table can be read, but not changed.</summary>
    /// <param name="files">Reads the files of the table.</param>
    /// <param name="metadataLocation">Location of the metadata file, in the form that <paramref name="files"/> takes.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">The file is missing or damaged.</exception>
    public static async Task<Table> OpenAsync(IFileIO files, string metadataLocation, CancellationToken cancellationToken = default)
    {
        var content = await files.ReadAsync(metadataLocation, cancellationToken).ConfigureAwait(false);
        return new(TableMetadataJson.Read(content, metadataLocation), metadataLocation, files);
    }
}

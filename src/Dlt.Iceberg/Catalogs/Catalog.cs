namespace Dlt.Iceberg;

/// <summary>Loads, lists, creates and drops Iceberg tables, and commits changes to them.</summary>
public abstract class Catalog
{
    private readonly UnsafeFilesWarning _unsafeFiles = new();
    private TableWarnings? _warnings;

    private protected Catalog(TimeProvider? time) => Time = time ?? TimeProvider.System;

    /// <summary>Reads Parquet data files. Changes of single rows and compaction need it; null when they are not used.</summary>
    public IDataFileReader? DataFileReader { get; init; }

    /// <summary>Receives warnings for the owner of a table after a commit, such as properties that this library ignores. Each
    /// warning is sent once per table. Null for no warnings.</summary>
    public Action<string>? Warn
    {
        get;
        set
        {
            field = value;
            _warnings = value is null ? null : new(value);
        }
    }

    /// <summary>Codec of the Parquet files of new tables whose properties name none.</summary>
    internal string DefaultCodec { get; init; } = "zstd";

    internal TimeProvider Time { get; }

    /// <summary>Reads and writes the files of the tables of the catalog.</summary>
    public abstract IFileIO Files { get; }

    /// <summary>True when this library writes the metadata files; false when the server of the catalog writes them and deletes old
    /// ones.</summary>
    internal abstract bool WritesMetadata { get; }

    /// <summary>False when the names of metadata files are fixed, so their extension cannot show that a file is compressed.</summary>
    internal abstract bool NamesMetadata { get; }

    /// <summary>Loads the current version of a table.</summary>
    /// <exception cref="IcebergException">The table does not exist, it is not an Iceberg table, or its metadata is damaged.</exception>
    public async Task<Table> LoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        await TryLoadTableAsync(identifier, cancellationToken).ConfigureAwait(false)
            ?? throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was changed.");

    /// <summary>Loads the current version of a table; null when it does not exist.</summary>
    /// <exception cref="IcebergException">The table is not an Iceberg table, or its metadata is damaged.</exception>
    public abstract Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>Lists the Iceberg tables of a namespace.</summary>
    public abstract IAsyncEnumerable<TableIdentifier> ListTablesAsync(string @namespace, CancellationToken cancellationToken = default);

    /// <summary>Removes a table from the catalog. Its files stay.</summary>
    /// <exception cref="IcebergException">The table does not exist.</exception>
    public abstract Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates an empty table of format version 2, or of version 3 if the property <c>format-version</c> is 3. Athena cannot read
    /// version 3.
    /// </summary>
    /// <param name="identifier">Namespace, which must exist, and name of the table.</param>
    /// <param name="schema">Columns of the table. The table gives them new ids (Iceberg table specification).</param>
    /// <param name="spec">Partition spec with the ids of <paramref name="schema"/>; null for an unpartitioned table.</param>
    /// <param name="sortOrder">Order of the rows in new files with the ids of <paramref name="schema"/>; null for none.</param>
    /// <param name="location">Folder for the files of the table; null lets the catalog choose it.</param>
    /// <param name="properties">Properties of the table; null for none.</param>
    /// <param name="cancellationToken">Cancels the call. The table may have been created already.</param>
    /// <exception cref="IcebergException">The table already exists, or the schema, spec or sort order is not legal.</exception>
    public async Task<Table> CreateTableAsync(
        TableIdentifier identifier, Schema schema, PartitionSpec? spec = null, SortOrder? sortOrder = null,
        string? location = null, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default)
    {
        var folder = (location ?? await DefaultLocationAsync(identifier, cancellationToken).ConfigureAwait(false)).TrimEnd('/');
        var all = new Dictionary<string, string>(properties ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        all.TryAdd(WriteProperties.Codec, DefaultCodec);
        var metadata = NewTableMetadata.Of(
            schema, spec ?? PartitionSpec.Unpartitioned, sortOrder ?? SortOrder.Unsorted, folder, all, Time.GetUtcNow());
        Check(null, metadata);
        var table = await CreateTableAsync(identifier, metadata, cancellationToken).ConfigureAwait(false);
        await WarnOfAsync(table, cancellationToken).ConfigureAwait(false);
        return table;
    }

    /// <summary>Checks the rules that this catalog has in addition to the rules of the format.</summary>
    /// <param name="before">Metadata before the change; null for a new table.</param>
    /// <param name="next">Metadata after the change.</param>
    /// <exception cref="IcebergException">The catalog does not support such a table. Nothing was written.</exception>
    internal virtual void Check(TableMetadata? before, TableMetadata next)
    {
    }

    /// <summary>Sends the warnings about a table after it was created or changed. A failure here does not fail the commit.</summary>
    internal async Task WarnOfAsync(Table table, CancellationToken cancellationToken)
    {
        if (_warnings is null) return;
        try
        {
            foreach (var text in await WarningsOfAsync(table, cancellationToken).ConfigureAwait(false)) _warnings.Send(table.Name, text);
        }
        catch (DltException)
        {
            // A later commit warns about the table if its files cannot be read now.
        }
    }

    /// <summary>Collects the warnings for the owner of a table.</summary>
    internal virtual async Task<List<string>> WarningsOfAsync(Table table, CancellationToken cancellationToken)
    {
        List<string> warnings = [.. IgnoredProperties.Of(table)];
        if (await _unsafeFiles.OfAsync(table, cancellationToken).ConfigureAwait(false) is { } text) warnings.Add(text);
        return warnings;
    }

    /// <summary>Creates a table from prepared metadata.</summary>
    /// <param name="identifier">Namespace and name of the table.</param>
    /// <param name="metadata">First version of the metadata, which is not written yet.</param>
    /// <param name="cancellationToken">Cancels the call. The table may have been created already.</param>
    /// <exception cref="IcebergException">The table already exists. It was not changed.</exception>
    internal abstract Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Commits a new version of a table, if all requirements are met.</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="commit">The updates and requirements.</param>
    /// <param name="cancellationToken">Cancels the call. The commit may have been made already.</param>
    /// <exception cref="IcebergException">The table was dropped, or the catalog refuses the commit. Nothing was committed.</exception>
    internal abstract Task<CommitResult> CommitTableAsync(Table basis, TableCommit commit, CancellationToken cancellationToken);

    /// <summary>Chooses the folder of a new table.</summary>
    /// <exception cref="IcebergException">The namespace does not exist, or it has no folder for tables. Nothing was created.</exception>
    internal abstract Task<string> DefaultLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken);
}

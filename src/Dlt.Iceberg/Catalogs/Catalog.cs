namespace Dlt.Iceberg;

/// <summary>Finds tables, makes and drops them, and takes commits.</summary>
public abstract class Catalog
{
    private const string DefaultCodec = "zstd";

    private readonly UnsafeFilesWarning _unsafeFiles = new();
    private TableWarnings? _warnings;

    private protected Catalog(TimeProvider? time) => Time = time ?? TimeProvider.System;

    /// <summary>Reads Parquet files, for actions that have to look into them: those that change or move single rows.</summary>
    public IDataFileReader? DataFileReader { get; init; }

    /// <summary>Takes what the owner of a table should know after a commit, such as properties that this library does not obey: one text
    /// for each table and matter. Null: nothing is said.</summary>
    public Action<string>? Warn
    {
        get;
        set
        {
            field = value;
            _warnings = value is null ? null : new(value);
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>Reads and writes the files of the catalog's tables.</summary>
    public abstract IFileIO Files { get; }

    /// <summary>True where the writer of a commit writes the metadata file; false where the catalog's server does, and deletes what it does
    /// not need.</summary>
    internal abstract bool WritesMetadata { get; }

    /// <summary>False where the names of metadata files are fixed, so that they cannot tell that a file is compressed.</summary>
    internal abstract bool NamesMetadata { get; }

    /// <summary>Loads a table as it is now.</summary>
    /// <exception cref="IcebergException">There is no such table, it is not an Iceberg table, or its metadata is damaged.</exception>
    public async Task<Table> LoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        await TryLoadTableAsync(identifier, cancellationToken).ConfigureAwait(false)
            ?? throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was done.");

    /// <summary>Loads a table as it is now; null when there is none.</summary>
    /// <exception cref="IcebergException">It is not an Iceberg table, or its metadata is damaged.</exception>
    public abstract Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>Lists the tables of a namespace.</summary>
    public abstract IAsyncEnumerable<TableIdentifier> ListTablesAsync(string @namespace, CancellationToken cancellationToken = default);

    /// <summary>Removes a table from the catalog; its files stay.</summary>
    /// <exception cref="IcebergException">There is no such table.</exception>
    public abstract Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default);

    /// <summary>Makes a table of format version 2.</summary>
    /// <param name="identifier">Its namespace, which must be there, and its name.</param>
    /// <param name="schema">Its columns; they get ids of their own (Iceberg table specification).</param>
    /// <param name="spec">Its partitions, by the ids that <paramref name="schema"/> has; null for none.</param>
    /// <param name="sortOrder">The order of rows, by the same ids; null for none.</param>
    /// <param name="location">Its folder; null for the catalog's choice.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="cancellationToken">Stops; the table is then there or not.</param>
    /// <exception cref="IcebergException">There is such a table already, or schema or spec are not legal.</exception>
    public async Task<Table> CreateTableAsync(
        TableIdentifier identifier, Schema schema, PartitionSpec? spec = null, SortOrder? sortOrder = null,
        string? location = null, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default)
    {
        var folder = (location ?? await DefaultLocationAsync(identifier, cancellationToken).ConfigureAwait(false)).TrimEnd('/');
        var all = new Dictionary<string, string>(properties ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        all.TryAdd("write.parquet.compression-codec", DefaultCodec);
        var metadata = NewTableMetadata.Of(schema, spec ?? PartitionSpec.Unpartitioned,
            sortOrder ?? SortOrder.Unsorted, folder, all, Time.GetUtcNow());
        Check(null, metadata);
        var table = await CreateTableAsync(identifier, metadata, cancellationToken).ConfigureAwait(false);
        await WarnOfAsync(table, cancellationToken).ConfigureAwait(false);
        return table;
    }

    /// <summary>Checks what this catalog, beyond the format, asks of a table.</summary>
    /// <param name="before">The table before the change; null for a new one.</param>
    /// <param name="next">The table after it.</param>
    /// <exception cref="IcebergException">The catalog cannot have such a table. Nothing was written.</exception>
    internal virtual void Check(TableMetadata? before, TableMetadata next)
    {
    }

    /// <summary>Says what the owner of a table should know, after it was made or changed. The commit is made, whatever happens
    /// here.</summary>
    internal async Task WarnOfAsync(Table table, CancellationToken cancellationToken)
    {
        if (_warnings is null) return;
        try
        {
            foreach (var text in await WarningsOfAsync(table, cancellationToken).ConfigureAwait(false)) _warnings.Say(table.Name, text);
        }
        catch (DltException)
        {
            // What cannot be read now gets its warning after a later commit.
        }
    }

    /// <summary>What the owner of a table should know.</summary>
    internal virtual async Task<List<string>> WarningsOfAsync(Table table, CancellationToken cancellationToken)
    {
        List<string> warnings = [.. IgnoredProperties.Of(table)];
        if (await _unsafeFiles.OfAsync(table, cancellationToken).ConfigureAwait(false) is { } text) warnings.Add(text);
        return warnings;
    }

    /// <summary>Makes a table whose metadata is ready.</summary>
    /// <param name="identifier">Its namespace and name.</param>
    /// <param name="metadata">Its first version; nothing of it is written yet.</param>
    /// <param name="cancellationToken">Stops; the table is then there or not.</param>
    /// <exception cref="IcebergException">There is such a table already. It was not changed.</exception>
    internal abstract Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Commits a new version of a table, if all requirements are met.</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    /// <exception cref="IcebergException">The table was dropped, or the catalog refuses the commit. Nothing was committed.</exception>
    internal abstract Task<CommitResult> CommitTableAsync(Table basis, TableCommit commit, CancellationToken cancellationToken);

    /// <summary>Chooses the folder of a new table.</summary>
    /// <exception cref="IcebergException">There is no such namespace, or it has no folder for tables. Nothing was made.</exception>
    internal abstract Task<string> DefaultLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken);
}

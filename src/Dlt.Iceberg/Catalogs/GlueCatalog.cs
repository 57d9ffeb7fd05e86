using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>
/// Catalog of Iceberg tables in the AWS Glue Data Catalog, or in a local account with the same API. A commit is one UpdateTable call with
/// the table version that was read.
/// </summary>
/// <param name="glue">Glue Data Catalog.</param>
/// <param name="store">Object store that holds the files of the tables.</param>
/// <param name="warehouse">Folder for tables of databases without a location, such as <c>s3://lake</c>; null for none.</param>
/// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
public sealed class GlueCatalog(IGlueCatalog glue, IObjectStore store, string? warehouse = null, TimeProvider? time = null)
    : MetastoreCatalog(time)
{
    private const string TableType = "table_type";
    private const string MetadataLocation = "metadata_location";
    private const string PreviousMetadataLocation = "previous_metadata_location";

    /// <summary>Glue Data Catalog with the databases and tables.</summary>
    internal IGlueCatalog Glue => glue;

    /// <inheritdoc/>
    public override IFileIO Files { get; } = new ObjectFileIO(store);

    /// <inheritdoc/>
    public override Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        ReadTableAsync(
            identifier,
            async token => await GetAsync(identifier, token).ConfigureAwait(false) is { } table ? LocationOf(table) : null,
            cancellationToken);

    /// <summary>Loads the table of a Glue definition that the caller has read.</summary>
    /// <exception cref="IcebergException">The table is not an Iceberg table, or was dropped since.</exception>
    internal async Task<Table> LoadTableAsync(string database, GlueTable table, CancellationToken cancellationToken)
    {
        var identifier = new TableIdentifier(database, table.Name);
        GlueTable? known = table;
        var loaded = await ReadTableAsync(identifier, PointerAsync, cancellationToken).ConfigureAwait(false);
        return loaded ?? throw new IcebergException(
            IcebergError.NotFound, $"Table '{identifier}' no longer exists. Nothing was changed.");

        // Another writer may have committed since and deleted the file; then the catalog is asked again.
        async Task<string?> PointerAsync(CancellationToken token)
        {
            var definition = known ?? await GetAsync(identifier, token).ConfigureAwait(false);
            known = null;
            return definition is null ? null : LocationOf(definition);
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var table in glue.GetTablesAsync(@namespace, cancellationToken).ConfigureAwait(false))
            if (table.IsIceberg) yield return new(@namespace, table.Name);
    }

    /// <inheritdoc/>
    public override async Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        try
        {
            await glue.DeleteTableAsync(identifier.Namespace, identifier.Name, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.", error);
        }
    }

    /// <inheritdoc/>
    protected override async Task<Table> AddTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var location = NextMetadataLocation(null, metadata);
        await Files.WriteAsync(location, TableMetadataJson.Write(metadata, location), cancellationToken).ConfigureAwait(false);
        try
        {
            var definition = Definition(new GlueTableInput { Name = identifier.Name }, metadata, location, null);
            await glue.CreateTableAsync(identifier.Namespace, definition, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            await Files.DeleteAsync([location], CancellationToken.None).ConfigureAwait(false);
            throw new IcebergException(
                IcebergError.NotFound, $"There is no database '{identifier.Namespace}'. Nothing was created.", error);
        }
        catch (Exception error) when (error is DltException or HttpRequestException)
        {
            // After a lost answer, or when the name is taken, the existing table shows whether this very call created it.
            var existing = await GetAsync(identifier, cancellationToken).ConfigureAwait(false);
            if (existing is null) throw;   // Glue may still create the table, so the metadata file stays
            if (!IsCurrent(existing, location))
            {
                await Files.DeleteAsync([location], CancellationToken.None).ConfigureAwait(false);
                throw new IcebergException(
                    IcebergError.AlreadyExists, $"Table '{identifier}' already exists. It was not changed.", error);
            }
        }

        return new Table(identifier, metadata, location, Files, this);
    }

    /// <inheritdoc/>
    protected override async Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        var identifier = basis.Identifier!;
        // The version that is sent must come from the answer whose metadata location is compared.
        var current = await GetAsync(identifier, cancellationToken).ConfigureAwait(false)
            ?? throw new IcebergException(IcebergError.NotFound, $"Another writer dropped table '{basis.Name}'. Nothing was committed.");
        if (LocationOf(current) != basis.MetadataLocation) return CommitOutcome.Conflict;
        await Files.WriteAsync(metadataLocation, TableMetadataJson.Write(next, metadataLocation), cancellationToken).ConfigureAwait(false);
        try
        {
            var definition = Definition(current.Definition, next, metadataLocation, basis.MetadataLocation);
            await glue.UpdateTableAsync(identifier.Namespace, definition, current.VersionId, skipArchive: true, cancellationToken)
                .ConfigureAwait(false);
            return CommitOutcome.Committed;
        }
        catch (GlueException error) when (error.IsConflict)
        {
            // A proxy may have sent the call twice; then the conflict is with our own first call.
            if (await HasBecomeCurrentAsync(identifier, metadataLocation, cancellationToken).ConfigureAwait(false))
                return CommitOutcome.Committed;
            await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
            return CommitOutcome.Conflict;
        }
        catch (GlueException error) when (error.ErrorCode is "ThrottlingException" or "Throttling")
        {
            await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
            return CommitOutcome.Conflict;   // Glue rejected the call before it changed anything
        }
        catch (GlueException error)
            when (error.ErrorCode is "EntityNotFoundException" or "InvalidInputException" or "ValidationException"
                or "AccessDeniedException" or "ResourceNumberLimitExceededException" or "GlueEncryptionException")
        {
            await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
            throw new IcebergException(
                IcebergError.Illegal, $"Glue refused the commit to '{basis.Name}': {Failure.Sentence(error)} Nothing was committed.",
                error);
        }
        catch (ConfigurationException)
        {
            // The login was refused, and with it the call.
            await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (Exception error)
            when (error is DltException or HttpRequestException or IOException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
        {
            return CommitOutcome.Unknown;
        }
    }

    /// <inheritdoc/>
    protected override async Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        var database = await glue.GetDatabaseAsync(identifier.Namespace, cancellationToken).ConfigureAwait(false)
            ?? throw new IcebergException(IcebergError.NotFound, $"There is no database '{identifier.Namespace}'. Nothing was created.");
        if (database.LocationUri is { Length: > 0 } folder) return $"{folder.TrimEnd('/')}/{identifier.Name}";
        if (warehouse is { } root) return $"{root.TrimEnd('/')}/{identifier.Namespace}.db/{identifier.Name}";
        throw new IcebergException(
            IcebergError.Illegal,
            $"Database '{identifier.Namespace}' has no location, and the catalog has no warehouse. Nothing was created. Give the table a "
            + "location.");
    }

    internal override void Check(TableMetadata? before, TableMetadata next) => GlueNames.Check(before, next);

    internal override async Task<List<string>> WarningsOfAsync(Table table, CancellationToken cancellationToken)
    {
        var warnings = await base.WarningsOfAsync(table, cancellationToken).ConfigureAwait(false);
        List<string> mixed = [.. GlueNames.MixedCase(table.Metadata.CurrentSchema)];
        if (mixed.Count == 0) return warnings;
        var names = string.Join(", ", mixed.Select(m => $"'{m}'"));
        warnings.Add(
            $"Table '{table.Name}' has columns with capital letters ({names}). Glue and Athena show and find them in lower case; Iceberg "
            + "keeps the capital letters.");
        return warnings;
    }

    private Task<GlueTable?> GetAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        glue.GetTableAsync(identifier.Namespace, identifier.Name, cancellationToken);

    private async Task<bool> HasBecomeCurrentAsync(
        TableIdentifier identifier, string metadataLocation, CancellationToken cancellationToken)
    {
        if (await GetAsync(identifier, cancellationToken).ConfigureAwait(false) is not { } now) return false;
        if (IsCurrent(now, metadataLocation)) return true;
        var table = await TryLoadTableAsync(identifier, cancellationToken).ConfigureAwait(false);
        return table is not null
            && (table.MetadataLocation == metadataLocation || table.Metadata.MetadataLog.Any(e => e.MetadataFile == metadataLocation));
    }

    private static bool IsCurrent(GlueTable table, string location) =>
        table.Definition.Parameters?.GetValueOrDefault(MetadataLocation) == location;

    private static string LocationOf(GlueTable table)
    {
        if (!table.IsIceberg)
        {
            throw new IcebergException(
                IcebergError.Unsupported,
                $"'{table.DatabaseName}.{table.Name}' is not an Iceberg table (its Glue parameter {TableType} is "
                + $"'{table.Definition.Parameters?.GetValueOrDefault(TableType)}'). Nothing was changed.");
        }

        if (table.Definition.Parameters!.TryGetValue(MetadataLocation, out var location)) return location;
        throw new IcebergException(
            IcebergError.Corrupt,
            $"Iceberg table '{table.DatabaseName}.{table.Name}' has no parameter {MetadataLocation} in Glue. Nothing was changed.");
    }

    /// <summary>Returns the Glue definition after a commit. Members that a commit does not change stay as they were read.</summary>
    private static GlueTableInput Definition(GlueTableInput before, TableMetadata metadata, string location, string? previous)
    {
        var parameters = (before.Parameters ?? ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal))
            .SetItem(TableType, "ICEBERG").SetItem(MetadataLocation, location);
        if (previous is not null) parameters = parameters.SetItem(PreviousMetadataLocation, previous);
        var description = metadata.Properties.TryGetValue("comment", out var comment) ? GlueText.Description(comment) : before.Description;
        return before with
        {
            TableType = before.TableType ?? "EXTERNAL_TABLE",
            Description = description,
            Parameters = parameters,
            PartitionKeys = before.PartitionKeys ?? [],
            StorageDescriptor = (before.StorageDescriptor ?? new()) with
            {
                Location = metadata.Location,
                AdditionalLocations = AdditionalLocations(metadata),
                Columns = GlueTypes.Columns(metadata, before.StorageDescriptor?.Columns ?? []),
            },
        };
    }

    private static ImmutableArray<string>? AdditionalLocations(TableMetadata metadata)
    {
        string[] properties = [TableLocations.DataPath, TableLocations.MetadataPath, TableLocations.ObjectStoragePath];
        ImmutableArray<string> all = [.. properties.Select(metadata.Properties.GetValueOrDefault).OfType<string>()];
        return all.IsEmpty ? null : all;
    }
}

using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Iceberg;

/// <summary>Iceberg tables of a dataset: made, widened and loaded by native commits, without any query (design 4.2).</summary>
/// <param name="catalog">Where the tables are.</param>
/// <param name="database">The dataset's database.</param>
/// <param name="locationOf">Folder of a new table.</param>
/// <param name="properties">Properties of new tables.</param>
internal sealed class IcebergTables(GlueCatalog catalog, string database, Func<string, string> locationOf, IReadOnlyDictionary<string, string> properties)
{
    /// <summary>In every snapshot of a load: a commit that is found is not made again.</summary>
    public const string LoadIdProperty = "dlt.load-id";

    private const int MaxAttempts = 5;

    /// <summary>Each load leaves a metadata file that names all snapshots: without an end, old ones would outgrow the rows.</summary>
    private readonly ImmutableDictionary<string, string> _properties = ImmutableDictionary<string, string>.Empty.Add("write.metadata.delete-after-commit.enabled", "true").SetItems(properties);

    /// <summary>Makes the table, or adds the columns that it lacks.</summary>
    /// <returns>True when something was changed.</returns>
    /// <exception cref="SchemaException">A column is there with another type.</exception>
    public async Task<bool> MigrateAsync(TableSchema table, CancellationToken cancellationToken)
    {
        var name = table.Name.ToLowerInvariant();
        if (await catalog.TryLoadTableAsync(database, name, cancellationToken).ConfigureAwait(false) is not { } stored)
        {
            var schema = IcebergColumns.SchemaOf(table);
            try
            {
                await catalog.CreateTableAsync(database, name, schema, PartitionHints.SpecOf(table, schema), null, locationOf(table.Name), _properties, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (IcebergException error) when (error.Error == IcebergError.Illegal)
            {
                throw ColumnCheck.Refused(table, $"{database}.{name}", error);
            }
            catch (IcebergException error) when (error.Error == IcebergError.AlreadyExists)
            {
                stored = await catalog.LoadTableAsync(database, name, cancellationToken).ConfigureAwait(false);   // another pipeline was faster
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            Check(table, stored);
            var current = stored.Metadata.CurrentSchema;
            if (!Lacks(table, current)) return attempt > 1;
            ColumnCheck.Check(table, stored, update => AddMissing(table, current, update));
            try
            {
                await stored.NewTransaction().UpdateSchema(update => AddMissing(table, current, update)).CommitAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                stored = await catalog.LoadTableAsync(database, name, cancellationToken).ConfigureAwait(false);   // another pipeline changed columns; some may still be missing
            }
        }
    }

    /// <summary>Commits the files of a load as one snapshot; a load that is in the table already changes nothing.</summary>
    /// <param name="table">The table.</param>
    /// <param name="loadId">The load.</param>
    /// <param name="files">Files of the package, and where they belong in the table's folder.</param>
    /// <param name="replaces">True: they take the place of all rows.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not.</param>
    public async Task CommitAsync(TableSchema table, string loadId, IReadOnlyList<(string Path, string Name)> files, bool replaces, CancellationToken cancellationToken)
    {
        var stored = await catalog.LoadTableAsync(database, table.Name.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        if (stored.Metadata.Snapshots.Any(s => s.Summary.TryGetValue(LoadIdProperty, out var id) && id == loadId)) return;
        var data = new List<DataFile>();
        foreach (var (path, name) in files) data.AddRange(await AddAsync(stored, path, name, cancellationToken).ConfigureAwait(false));
        if (data.Count == 0 && (!replaces || stored.Metadata.CurrentSnapshot is null)) return;
        var transaction = stored.NewTransaction();
        transaction.SummaryProperties[LoadIdProperty] = loadId;
        await (replaces ? transaction.ReplaceAll(data) : transaction.Append(data)).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a file into the table's folder: as it is but with field ids, or, where the table has partitions or a sort order, row by row.</summary>
    private static async Task<IReadOnlyList<DataFile>> AddAsync(IcebergTable table, string path, string name, CancellationToken cancellationToken)
    {
        var file = new ParquetFile(path);
        if (file.Rows == 0) return [];
        if (!table.Metadata.DefaultSpec.IsUnpartitioned || table.Metadata.DefaultSortOrderId != SortOrder.Unsorted.OrderId) return await SplitAsync(table, path, cancellationToken).ConfigureAwait(false);
        ImmutableArray<object?> partition = [.. table.Metadata.DefaultSpec.Fields.Select(object? (_) => null)];
        var location = DataLocations.Of(table.Metadata, table.Metadata.DefaultSpecId, [], name);
        var copy = Path.Combine(Path.GetTempPath(), $"dlt-{Guid.NewGuid():N}.parquet");
        try
        {
            file.WriteWithIds(copy, table.Metadata.CurrentSchema);
            await table.Files.UploadAsync(location, copy, cancellationToken).ConfigureAwait(false);
            var described = file.Describe(location, new FileInfo(copy).Length, table.Metadata.CurrentSchema, table.Metadata, table.Metadata.DefaultSpecId, partition);
            return [new MetricsConfig(table.Metadata).Applied(described, table.Metadata.CurrentSchema)];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static async Task<IReadOnlyList<DataFile>> SplitAsync(IcebergTable table, string path, CancellationToken cancellationToken)
    {
        var copy = Path.Combine(Path.GetTempPath(), $"dlt-{Guid.NewGuid():N}.parquet");
        var writer = new DataFileWriter(table);
        await using (writer.ConfigureAwait(false))
        {
            try
            {
                new ParquetFile(path).WriteWithIds(copy, table.Metadata.CurrentSchema);
                using var stream = File.OpenRead(copy);
                await foreach (var batch in new ParquetDataFileReader().ReadAsync(stream, new(path, table.Metadata.CurrentSchema), cancellationToken).ConfigureAwait(false))
                    foreach (var row in batch.Rows) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
                return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(copy);
            }
        }
    }

    private static bool Lacks(TableSchema table, Dlt.Iceberg.Schema schema) =>
        table.CompleteColumns.Any(c => schema.Find(c.Name.ToLowerInvariant()) is not { } field || LacksFields(field.Type, IcebergColumns.TypeOf(c)));

    private static bool LacksFields(IcebergType stored, IcebergType wanted) => (stored, wanted) switch
    {
        (StructType a, StructType b) => b.Fields.Any(f => a.Fields.FirstOrDefault(s => s.Name == f.Name) is not { } own || LacksFields(own.Type, f.Type)),
        (ListType a, ListType b) => LacksFields(a.Element, b.Element),
        _ => false,
    };

    private static void AddMissing(TableSchema table, Dlt.Iceberg.Schema schema, SchemaUpdate update)
    {
        foreach (var column in table.CompleteColumns)
        {
            var name = column.Name.ToLowerInvariant();
            if (schema.Find(name) is { } field) AddFields([name], field.Type, IcebergColumns.TypeOf(column), update);
            else update.AddColumn([name], IcebergColumns.TypeOf(column), column.Properties["description"] is { Kind: Json.JsonKind.String } text ? text.AsString() : null);
        }
    }

    private static void AddFields(IReadOnlyList<string> path, IcebergType stored, IcebergType wanted, SchemaUpdate update)
    {
        switch (stored, wanted)
        {
            case (StructType a, StructType b):
                foreach (var field in b.Fields)
                {
                    if (a.Fields.FirstOrDefault(s => s.Name == field.Name) is { } own) AddFields([.. path, field.Name], own.Type, field.Type, update);
                    else update.AddColumn([.. path, field.Name], field.Type);
                }

                break;
            case (ListType a, ListType b): AddFields([.. path, "element"], a.Element, b.Element, update); break;
        }
    }

    private static void Check(TableSchema table, IcebergTable stored)
    {
        foreach (var column in table.CompleteColumns)
        {
            if (stored.Metadata.CurrentSchema.Find(column.Name.ToLowerInvariant()) is not { } field) continue;
            var wanted = IcebergColumns.TypeOf(column);
            if (IcebergColumns.Fits(field.Type, wanted) || LacksFields(field.Type, wanted)) continue;
            throw new SchemaException(
                $"Column '{stored.Name}.{column.Name}' is {GlueTypes.Of(field.Type)} in the table, but the schema says {GlueTypes.Of(wanted)}. Nothing of the package was loaded; it stays pending. Declare the column with its old type, or drop the table.")
            { Table = table.Name, Column = column.Name };
        }
    }
}

using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>Creates the Iceberg tables of a dataset and adds columns, by native commits without a query.</summary>
/// <param name="catalog">Catalog of the tables.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="locationOf">Returns the folder of a new table.</param>
/// <param name="properties">Properties of new tables.</param>
internal sealed class IcebergTables(
    GlueCatalog catalog, string database, Func<string, string> locationOf, IReadOnlyDictionary<string, string> properties)
{
    private const int MaxAttempts = 20;

    /// <summary>
    /// Properties of new tables. Old metadata files are deleted after commits: every load writes one that lists all snapshots, and together
    /// they would become larger than the rows.
    /// </summary>
    private readonly ImmutableDictionary<string, string> _properties =
        ImmutableDictionary<string, string>.Empty.Add("write.metadata.delete-after-commit.enabled", "true")
            .Add(UnsafeFilesWarning.SafeBounds, "true").SetItems(properties);

    /// <summary>Opens the Iceberg table of a Glue definition.</summary>
    public Task<IcebergTable> OpenAsync(GlueTable stored, CancellationToken cancellationToken) =>
        catalog.LoadTableAsync(database, stored, cancellationToken);

    /// <summary>Refuses a new table that could not be created as the schema declares it. Changes nothing.</summary>
    /// <exception cref="SchemaException">A partition names no column, or divides the rows like another one.</exception>
    public void CheckNew(TableSchema table)
    {
        var schema = IcebergColumns.SchemaOf(table);
        try
        {
            var fields = PartitionHints.SpecOf(table, schema).Fields;
            PartitionRules.Check(fields, schema);
            PartitionRules.CheckAdded(fields, schema);
        }
        catch (IcebergException error) when (error.Error == IcebergError.Illegal)
        {
            throw ColumnCheck.Refused(table, $"{database}.{table.Name}", error);
        }
    }

    /// <summary>Creates the table, or adds the columns that it lacks and sets the properties that it declares.</summary>
    /// <param name="table">The table as the schema declares it.</param>
    /// <param name="known">The table as the load found it; null if it did not exist.</param>
    /// <param name="cancellationToken">Stops; the table may or may not exist, with or without the new columns.</param>
    /// <returns>The table, and true if it was created or changed.</returns>
    /// <exception cref="SchemaException">The table cannot take the rows.</exception>
    public async Task<(IcebergTable Table, bool IsChanged)> MigrateAsync(
        TableSchema table, IcebergTable? known, CancellationToken cancellationToken)
    {
        var name = table.Name.ToLowerInvariant();
        var properties = TableProperties.Of(table);
        var stored = known;
        if (stored is null)
        {
            var schema = IcebergColumns.SchemaOf(table);
            try
            {
                var spec = PartitionHints.SpecOf(table, schema);
                var made = await catalog.CreateTableAsync(
                    new(database, name), schema, spec, null, locationOf(table.Name), _properties.SetItems(properties), cancellationToken)
                    .ConfigureAwait(false);
                return (made, true);
            }
            catch (IcebergException error) when (error.Error == IcebergError.Illegal)
            {
                throw ColumnCheck.Refused(table, $"{database}.{name}", error);
            }
            catch (IcebergException error) when (error.Error == IcebergError.AlreadyExists)
            {
                // Another pipeline created it first.
                stored = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            IcebergTableCheck.Check(table, stored);
            var basis = stored;
            var changed = properties.Where(p => basis.Metadata.Properties.GetValueOrDefault(p.Key) != p.Value).ToDictionary();
            var lacks = Lacks(table, basis);
            if (!lacks && changed.Count == 0) return (basis, attempt > 1);
            if (lacks) ColumnCheck.Check(table, basis, update => AddMissing(table, basis, update));
            try
            {
                var transaction = basis.NewTransaction().Patiently();
                if (changed.Count > 0) transaction.UpdateProperties(changed);
                if (lacks) transaction.UpdateSchema(update => AddMissing(table, basis, update));
                return (await transaction.CommitAsync(cancellationToken).ConfigureAwait(false), true);
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                // Another pipeline changed columns; some may still be missing.
                stored = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool Lacks(TableSchema table, IcebergTable stored) => table.CompleteColumns.Any(column =>
        IcebergTableCheck.FieldOf(stored.Metadata.CurrentSchema, column, table, stored) is not { } field
        || IcebergColumns.Lacks(field.Type, IcebergColumns.TypeOf(column)));

    private static void AddMissing(TableSchema table, IcebergTable stored, SchemaUpdate update)
    {
        foreach (var column in table.CompleteColumns)
        {
            if (IcebergTableCheck.FieldOf(stored.Metadata.CurrentSchema, column, table, stored) is { } field)
                AddFields([field.Name], field.Type, IcebergColumns.TypeOf(column), update);
            else update.AddColumn([column.Name.ToLowerInvariant()], IcebergColumns.TypeOf(column), IcebergColumns.DescriptionOf(column));
        }
    }

    private static void AddFields(IReadOnlyList<string> path, IcebergType stored, IcebergType wanted, SchemaUpdate update)
    {
        switch (stored, wanted)
        {
            case (StructType a, StructType b):
                foreach (var field in b.Fields)
                {
                    if (a.Fields.FirstOrDefault(s => s.Name == field.Name) is { } own)
                        AddFields([.. path, field.Name], own.Type, field.Type, update);
                    else update.AddColumn([.. path, field.Name], field.Type);
                }

                break;
            case (ListType a, ListType b):
                AddFields([.. path, "element"], a.Element, b.Element, update);
                break;
        }
    }
}

using System.Globalization;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>Opens the Iceberg tables of a dataset, creates missing ones and adds columns.</summary>
/// <param name="catalog">Catalog of the tables.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="locationOf">Returns the folder of a new table.</param>
/// <param name="properties">Properties of new tables.</param>
/// <param name="ddl">Makes and widens tables.</param>
internal sealed class IcebergTables(
    GlueCatalog catalog, string database, Func<string, string> locationOf, IReadOnlyDictionary<string, string> properties, ITableDdl ddl)
{
    private const int MaxAttempts = 20;

    /// <summary>Opens the Iceberg table of a Glue definition.</summary>
    public Task<IcebergTable> OpenAsync(GlueTable stored, CancellationToken cancellationToken) =>
        catalog.LoadTableAsync(database, stored, cancellationToken);

    /// <summary>Refuses a new table that could not be created as the schema declares it. Changes nothing.</summary>
    /// <exception cref="SchemaException">
    /// A partition names no column, or divides the rows like another one. Or Athena cannot read the codec of the data files.
    /// </exception>
    public void CheckNew(TableSchema table) => CheckNew(table, isKnown: _ => true);

    /// <summary>Refuses the same before its rows are known: partitions by columns that are not declared are left for later.</summary>
    /// <inheritdoc cref="CheckNew(TableSchema)"/>
    public void CheckDeclared(TableSchema table) => CheckNew(table, hint => HivePartitionKey.SourceOf(table, hint) is not null);

    private void CheckNew(TableSchema table, Func<PartitionHint, bool> isKnown)
    {
        ReadableTable.Check(table, properties);
        var schema = IcebergColumns.SchemaOf(table);
        try
        {
            var fields = PartitionHints.FieldsOf(table, schema, isKnown);
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
    /// <exception cref="IcebergException">The table lacks columns or properties after all attempts.</exception>
    public async Task<(IcebergTable Table, bool IsChanged)> MigrateAsync(
        TableSchema table, IcebergTable? known, CancellationToken cancellationToken)
    {
        var name = table.Name.ToLowerInvariant();
        var declared = DeclaredProperties.Of(table);
        var (stored, isChanged) = (known, false);
        if (stored is null)
        {
            var schema = IcebergColumns.SchemaOf(table);
            try
            {
                var spec = PartitionHints.SpecOf(table, schema);
                var created = new NewIcebergTable(new(database, name), schema, spec, locationOf(table.Name), properties)
                {
                    Declared = declared,
                };
                stored = await ddl.CreateIcebergAsync(created, cancellationToken).ConfigureAwait(false);
                isChanged = true;
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
            var lacks = Lacks(table, basis);
            var change = new IcebergChange(
                lacks ? MissingColumns(table, basis) : [],
                lacks ? update => AddMissing(table, basis, update) : null,
                declared.Where(p => basis.Metadata.Properties.GetValueOrDefault(p.Key) != p.Value).ToDictionary());
            if (change.IsEmpty) return (basis, isChanged || attempt > 1);
            if (attempt > MaxAttempts) throw StillLacks(table, basis, change.Properties.Keys);
            if (change.Schema is { } added) ColumnCheck.Check(table, basis, added);
            try
            {
                stored = await ddl.ChangeIcebergAsync(basis, change, cancellationToken).ConfigureAwait(false);
            }
            catch (IcebergException error) when (error.Error == IcebergError.Conflict && attempt < MaxAttempts)
            {
                // Another pipeline changed columns; some may still be missing.
                stored = await catalog.LoadTableAsync(new(database, name), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static bool Lacks(TableSchema table, IcebergTable stored) => table.CompleteColumns.Any(c => Lacks(c, table, stored));

    private static bool Lacks(ColumnSchema column, TableSchema table, IcebergTable stored) =>
        IcebergTableCheck.FieldOf(stored.Metadata.CurrentSchema, column, table, stored) is not { } field
        || IcebergColumns.Lacks(field.Type, IcebergColumns.TypeOf(column));

    private static IcebergException StillLacks(TableSchema table, IcebergTable stored, IEnumerable<string> properties)
    {
        var columns = table.CompleteColumns.Where(c => Lacks(c, table, stored)).Select(c => $"column '{c.Name}'");
        var missing = string.Join(", ", columns.Concat(properties.Order(StringComparer.Ordinal).Select(p => $"property '{p}'")));
        return new(
            IcebergError.Conflict,
            string.Create(CultureInfo.InvariantCulture, $"Table '{stored.Name}' was changed {MaxAttempts} times and still lacks ")
                + $"{missing}, because other writers take them away or the catalog does not keep them. Nothing was loaded; the package "
                + "stays pending. Run again when no other writer changes the table, or remove the declaration.")
        { IsTransient = true, WasRetried = true };
    }

    private static List<NestedField> MissingColumns(TableSchema table, IcebergTable stored)
    {
        var known = stored.Metadata.CurrentSchema;
        var missing = table.CompleteColumns.Where(c => IcebergTableCheck.FieldOf(known, c, table, stored) is null);
        return [.. missing.Select(c => new NestedField(0, c.Name.ToLowerInvariant(), IcebergColumns.TypeOf(c)))];
    }

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

using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The columns by which the statements of a merge find rows (docs/spec/pipeline.md 9.3).</summary>
internal static class SqlKeys
{
    /// <summary>Quoted column that identifies each row of a table.</summary>
    /// <exception cref="SchemaException">The table has no such column.</exception>
    public static string RowKey(TableSchema table)
    {
        return NameOfRowKey(table) is { } key ? SqlNames.Column(key) : throw new SchemaException(
            $"Table '{table.Name}' has no column that identifies each of its rows, which its merge by Athena needs. Nothing was loaded. "
            + "Load Arrow tables with normalize.parquet_normalizer.add_dlt_id = true, give one column the hint unique, or merge with "
            + "merge_engine = \"native\".")
        { Table = table.Name };
    }

    /// <summary>True when a column identifies each row of a table.</summary>
    public static bool HasRowKey(TableSchema table) => NameOfRowKey(table) is not null;

    /// <summary>Quoted column of a nested table with the row key of the root row.</summary>
    /// <exception cref="SchemaException">The table has no such column.</exception>
    public static string RootKey(Schema schema, TableSchema nested)
    {
        var isDirectChild = nested.Parent is { } parent && schema.TryGetTable(parent, out var above) && above.Parent is null;
        var key = With(nested, "root_key") ?? (isDirectChild ? With(nested, "parent_key") : null);
        return key is not null ? SqlNames.Column(key) : throw new SchemaException(
            $"Table '{nested.Name}' has no column with the key of its root row, which its merge by Athena needs. Nothing was loaded. "
            + "Set root_key = true on the source, and load with refresh once, so that all rows have it.")
        { Table = nested.Name };
    }

    /// <summary>Quoted column of a nested table with the row key of its parent row; null when it has none.</summary>
    public static string? ParentKey(TableSchema nested) => With(nested, "parent_key") is { } key ? SqlNames.Column(key) : null;

    /// <summary>Quoted columns of the primary key.</summary>
    /// <exception cref="SchemaException">The table has no primary key.</exception>
    public static IReadOnlyList<string> PrimaryKey(TableSchema table, MergeStrategy strategy)
    {
        if (table.PrimaryKey.IsEmpty)
        {
            throw new SchemaException($"Table '{table.Name}' has no primary key, which the merge strategy {strategy.Kind.Name()} needs. "
                + "Nothing was loaded. Give the resource a PrimaryKey, or use the strategy delete-insert.")
            { Table = table.Name };
        }

        return [.. table.PrimaryKey.Select(SqlNames.Column)];
    }

    /// <summary>Condition that two rows have the same values of some columns.</summary>
    public static string Match(IEnumerable<string> columns, string left, string right) =>
        string.Join(" AND ", columns.Select(c => $"{left}.{c} = {right}.{c}"));

    private static string? NameOfRowKey(TableSchema table) =>
        With(table, "row_key") ?? With(table, "unique") ?? (table.PrimaryKey is [var only] ? only : null);

    private static string? With(TableSchema table, string hint) => table.Columns.FirstOrDefault(c => c.Has(hint))?.Name;
}

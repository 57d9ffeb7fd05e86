using Dlt.Internal;
using Dlt.Lake;
using Dlt.Sql;

namespace Dlt.Local;

/// <summary>
/// Writes the DuckDB view of an external table: its files, cast to the declared types, with columns by name, as Athena reads
/// external tables.
/// </summary>
internal static class TableView
{
    private const string ParquetSerDe = "ParquetHiveSerDe";

    /// <summary>Athena's hidden column with the file of a row.</summary>
    private const string PathColumn = "\"$path\"";

    /// <summary>Writes the SELECT of a table's view.</summary>
    /// <param name="table">The table.</param>
    /// <param name="files">Its files, as Athena lists them.</param>
    /// <param name="pathOf">Returns the path of an object's file.</param>
    /// <returns>The SELECT statement.</returns>
    /// <exception cref="DltException">The table's format or the type of a column is not supported.</exception>
    public static string Select(GlueTable table, IReadOnlyList<TableFile> files, Func<string, string> pathOf)
    {
        var keys = table.Definition.PartitionKeys ?? [];
        var serde = table.Definition.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? "";
        if (!serde.EndsWith(ParquetSerDe, StringComparison.Ordinal))
            throw new DltException(
                $"Table '{table.DatabaseName}.{table.Name}' has the SerDe '{serde}', which the local Athena does not support yet. "
                + "Nothing was read.");

        if (files.Count == 0) return Empty(table);
        return keys.Length == 0 ? Plain(table, files, pathOf) : Partitioned(table, keys, files, pathOf);
    }

    /// <summary>The SELECT of a view with the columns of a table and no rows.</summary>
    public static string Empty(GlueTable table) =>
        $"SELECT {string.Join(", ", table.Columns.Concat(table.Definition.PartitionKeys ?? []).Select(c => Null(table, c)))} WHERE false";

    private static string Plain(GlueTable table, IReadOnlyList<TableFile> files, Func<string, string> pathOf)
    {
        // The empty relation names every declared column, so files may lack columns or have them in another order.
        var list = string.Join(", ", files.Select(f => DuckIdentifier.Literal(pathOf(f.Location))));
        return $"""
            SELECT {string.Join(", ", table.Columns.Select(c => Cast(table, c, "")))}
            FROM (SELECT {string.Join(", ", table.Columns.Select(c => Null(table, c)))} WHERE false
                UNION ALL BY NAME SELECT * FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false))
            """;
    }

    /// <summary>
    /// The SELECT of a partitioned table. The values of partition keys are those of the partition, also if a file has a column of that
    /// name, as in Athena.
    /// </summary>
    private static string Partitioned(GlueTable table, IReadOnlyList<GlueColumn> keys, IReadOnlyList<TableFile> files,
        Func<string, string> pathOf)
    {
        var columns = table.Columns.Where(c => keys.All(k => k.Name != c.Name)).ToList();
        var paths = files.Select(f => (f.Values, File: DuckIdentifier.Literal(pathOf(f.Location)))).ToList();
        static string Key(string? value) => value is null ? "CAST(NULL AS VARCHAR)" : DuckIdentifier.Literal(value);
        var rows = string.Join(", ", paths.Select(p => $"({p.File}, {string.Join(", ", p.Values.Select(Key))})"));
        var list = string.Join(", ", paths.Select(p => p.File));
        var names = string.Join(", ", keys.Select(k => DuckIdentifier.Quote(k.Name)));
        return $"""
            SELECT {string.Join(", ", columns.Select(c => Cast(table, c, "f.")).Concat(keys.Select(k => Cast(table, k, "p."))))}
            FROM (SELECT CAST(NULL AS VARCHAR) AS {PathColumn}{string.Concat(columns.Select(c => ", " + Null(table, c)))} WHERE false
                UNION ALL BY NAME
                SELECT * FROM read_parquet([{list}], union_by_name = true, hive_partitioning = false, filename = '$path')) AS f
            JOIN (VALUES {rows}) AS p ({PathColumn}, {names}) ON f.{PathColumn} = p.{PathColumn}
            """;
    }

    private static string Null(GlueTable table, GlueColumn column) =>
        $"CAST(NULL AS {TypeOf(table, column)}) AS {DuckIdentifier.Quote(column.Name)}";

    private static string Cast(GlueTable table, GlueColumn column, string relation)
    {
        var name = DuckIdentifier.Quote(column.Name);
        return $"CAST({relation}{name} AS {TypeOf(table, column)}) AS {name}";
    }

    private static string TypeOf(GlueTable table, GlueColumn column)
    {
        try
        {
            // Hive stores the names of struct fields in lower case.
            return DuckTypeName.Of(AthenaTypeParser.ParseHive(column.Type.ToLowerInvariant()));
        }
        catch (AthenaTypeFormatException error)
        {
            throw new AthenaQueryException(
                "HIVE_INVALID_METADATA",
                $"Column '{column.Name}' of table '{table.DatabaseName}.{table.Name}': {Failure.Sentence(error)} Nothing was read. "
                + "Correct the type of the column in the catalog.",
                innerException: error);
        }
    }
}

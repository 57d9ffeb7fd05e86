using Dlt.Lake;

namespace Dlt.Golden.Athena;

/// <summary>The statement by which dlt does what a call to Glue does, as far as patterns of faults look at it.</summary>
internal static class DltStatement
{
    /// <summary>The call that starts a query, whose statement is dlt's own.</summary>
    public const string Start = "athena.Start";

    private const string Catalog = "awsdatacatalog";

    /// <returns>The statement; null for a call that dlt makes no statement for.</returns>
    public static string? Of(string call, object?[] arguments) => call switch
    {
        "glue.CreateDatabase" => $"CREATE DATABASE IF NOT EXISTS `{((GlueDatabase)arguments[0]!).Name}`",
        "glue.DeleteDatabase" => $"DROP DATABASE `{arguments[0]}` CASCADE",
        "glue.CreateTable" => Create((string)arguments[0]!, (GlueTableInput)arguments[1]!),
        "glue.UpdateTable" => Update((string)arguments[0]!, (GlueTableInput)arguments[1]!),
        "glue.DeleteTable" => $"DROP TABLE IF EXISTS `{Catalog}`.`{arguments[0]}`.`{arguments[1]}`",
        "glue.GetTable" when (string)arguments[1]! is "_dlt_loads" or "_dlt_pipeline_state" => StateQuery((string)arguments[0]!),
        "glue.FindTables" when ((IReadOnlyCollection<string>)arguments[1]!).Contains("_dlt_loads") => StateQuery((string)arguments[0]!),
        _ => null,
    };

    private static string Create(string database, GlueTableInput table) =>
        $"CREATE {(IsIceberg(table) ? "" : "EXTERNAL ")}TABLE IF NOT EXISTS `{Catalog}`.`{database}`.`{table.Name}` (";

    /// <summary>A commit to an Iceberg table adds rows; an external table only changes when it gets columns.</summary>
    private static string Update(string database, GlueTableInput table) => IsIceberg(table)
        ? $"INSERT INTO \"{Catalog}\".\"{database}\".\"{table.Name}\""
        : $"ALTER TABLE `{Catalog}`.`{database}`.`{table.Name}` ADD COLUMNS (";

    private static string StateQuery(string database) =>
        $"SELECT * FROM \"{Catalog}\".\"{database}\".\"_dlt_pipeline_state\" AS s JOIN \"{Catalog}\".\"{database}\".\"_dlt_loads\" AS l";

    private static bool IsIceberg(GlueTableInput table) =>
        table.Parameters?.GetValueOrDefault("table_type")?.Equals("ICEBERG", StringComparison.OrdinalIgnoreCase) == true;
}

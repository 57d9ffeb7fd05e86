using Dlt.Schemas;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Checks the setting <c>replace_strategy</c>: external tables are always truncated, Iceberg tables always filled from staged files, and
/// any other value is refused, as in dlt (docs/spec/athena-destination.md 1.8, T-52).
/// </summary>
internal static class ReplaceStrategy
{
    private const string TruncateAndInsert = "truncate-and-insert";
    private const string InsertFromStaging = "insert-from-staging";

    /// <summary>Checks the setting against the replaced tables.</summary>
    /// <param name="strategy">The setting; null if it is not set.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">The tables to load.</param>
    /// <param name="isIceberg">Returns true for an Iceberg table.</param>
    /// <exception cref="ConfigurationException">A table cannot be replaced with this strategy.</exception>
    public static void Check(string? strategy, Schema schema, IEnumerable<TableSchema> tables, Func<TableSchema, bool> isIceberg)
    {
        if (strategy is null) return;
        foreach (var table in tables)
        {
            if (SystemTables.IsSystemName(table.Name) || schema.WriteDispositionOf(table) != WriteDisposition.Replace) continue;
            var allowed = isIceberg(table) ? InsertFromStaging : TruncateAndInsert;
            if (strategy == allowed) continue;
            var kind = isIceberg(table) ? "Iceberg" : "external";
            throw new ConfigurationException(
                $"destination.athena.replace_strategy is '{strategy}', but '{table.Name}' is an {kind} table, which supports only "
                + $"'{allowed}'. Nothing was loaded. "
                + $"Remove the setting, or set it to '{allowed}', and run again.")
            { Fields = ["replace_strategy"] };
        }
    }
}

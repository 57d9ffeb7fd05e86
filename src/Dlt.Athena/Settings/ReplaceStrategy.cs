using Dlt.Configuration;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// The setting <c>replace_strategy</c>: external tables are only truncated, Iceberg tables only filled from staged files, and any other
/// wish is refused, as in dlt (docs/spec/athena-destination.md 1.8, T-52).
/// </summary>
internal static class ReplaceStrategy
{
    private const string TruncateAndInsert = "truncate-and-insert";
    private const string InsertFromStaging = "insert-from-staging";

    /// <param name="strategy">The setting; null where nobody set it.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">The tables that are to be loaded.</param>
    /// <param name="isIceberg">True: the table is an Iceberg table.</param>
    /// <exception cref="ConfigurationException">A table that is to be replaced cannot be replaced that way.</exception>
    public static void Check(string? strategy, Schema schema, IEnumerable<TableSchema> tables, Func<TableSchema, bool> isIceberg)
    {
        if (strategy is null) return;
        foreach (var table in tables)
        {
            if (SystemTables.IsSystemName(table.Name) || schema.WriteDispositionOf(table) != WriteDisposition.Replace) continue;
            var allowed = isIceberg(table) ? InsertFromStaging : TruncateAndInsert;
            if (strategy == allowed) continue;
            throw new ConfigurationException(
                $"destination.athena.replace_strategy is '{strategy}', but '{table.Name}' is an "
                    + $"{(isIceberg(table) ? "Iceberg" : "external")} table, which knows '{allowed}' only. Nothing was loaded. "
                + $"Remove the setting, or set it to '{allowed}', and run again.") { Fields = ["replace_strategy"] };
        }
    }
}

using System.Collections.Frozen;
using Dlt.Internal;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Makes the command that shows rows of a run.</summary>
internal static class ShowQuery
{
    /// <summary>Words that a query must quote as identifiers (Trino, Reserved keywords; DuckDB, duckdb_keywords).</summary>
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "alter", "and", "as", "between", "by", "case", "cast", "constraint", "create", "cross", "cube", "current_catalog", "current_date",
        "current_path", "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "deallocate", "delete",
        "describe", "distinct", "drop", "else", "end", "escape", "except", "exists", "extract", "false", "for", "from", "full", "group",
        "grouping", "having", "in", "inner", "insert", "intersect", "into", "is", "join", "json_array", "json_exists", "json_object",
        "json_query", "json_table", "json_value", "left", "like", "listagg", "localtime", "localtimestamp", "natural", "normalize", "not",
        "null", "on", "or", "order", "outer", "prepare", "recursive", "right", "rollup", "select", "skip", "table", "then", "trim",
        "true", "uescape", "union", "unnest", "using", "values", "when", "where", "with", "all", "analyze", "any", "asc", "check",
        "collate", "column", "default", "desc", "do", "fetch", "foreign", "grant", "limit", "offset", "only", "pivot", "primary",
        "qualify", "references", "returning", "show", "some", "summarize", "to", "unique", "unpivot", "user", "window",
        "analyse", "anti", "array", "asof", "asymmetric", "at", "authorization", "binary", "both", "collation", "concurrently",
        "deferrable", "freeze", "generated", "glob", "ilike", "initially", "isnull", "lambda", "lateral", "leading", "map", "notnull",
        "overlaps", "pivot_longer", "pivot_wider", "placing", "positional", "semi", "similar", "struct", "symmetric", "tablesample",
        "trailing", "try_cast", "unpack", "variadic", "verbose",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <param name="dataset">Name of the dataset in queries; null when <c>dlt query</c> cannot read it.</param>
    /// <param name="rows">Number of rows by table.</param>
    /// <param name="isLocal">True for a local account.</param>
    /// <param name="destination">Name of the destination, if it has one of its own.</param>
    /// <returns>The command; null when no table of data has rows.</returns>
    public static string? Of(string? dataset, IReadOnlyDictionary<string, long> rows, bool isLocal, string? destination)
    {
        if (dataset is null) return null;
        var tables = rows.Where(r => r.Value > 0 && !SystemTables.IsSystemName(r.Key)).Select(r => r.Key).ToList();
        if (tables.Count == 0) return null;
        var table = tables.Find(t => !tables.Exists(parent => t.StartsWith(parent + "__", StringComparison.Ordinal))) ?? tables[0];
        return Command(dataset, $"SELECT * FROM {Identifier(table)} LIMIT 10", isLocal, destination);
    }

    /// <summary>Makes the command that shows the rows of a load that were rejected.</summary>
    /// <param name="dataset">Name of the dataset in queries; null when <c>dlt query</c> cannot read it.</param>
    /// <param name="loadId">The load.</param>
    /// <param name="isLocal">True for a local account.</param>
    /// <param name="destination">Name of the destination, if it has one of its own.</param>
    public static string? OfRejects(string? dataset, string loadId, bool isLocal, string? destination) => dataset is null
        ? null
        : Command(
            dataset, $"SELECT * FROM {SystemTables.Rejected} WHERE {SystemTables.LoadId} = '{loadId}' LIMIT 100", isLocal, destination);

    private static string Command(string dataset, string sql, bool isLocal, string? destination) =>
        $"dlt query {ShellWord.Quote(dataset)} {ShellWord.Quote(sql)}"
            + (destination is null ? "" : $" --destination {ShellWord.Quote(destination)}") + (isLocal ? " --local" : "");

    private static string Identifier(string name) =>
        char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !Reserved.Contains(name)
            ? name
            : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

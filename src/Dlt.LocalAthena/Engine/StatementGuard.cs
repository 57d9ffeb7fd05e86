using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dlt.Lake;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Accepts a single statement that only reads tables. DuckDB's own parser classifies the statement (<c>json_serialize_sql</c>, which
/// accepts only queries), so comments and quotes cannot deceive the check. Accepted statements still run under the settings of
/// <see cref="DuckSession.Lock"/>.
/// </summary>
internal static class StatementGuard
{
    /// <summary>Table functions that compute rows from their arguments; all other ones read files, settings or memory.</summary>
    private static readonly FrozenSet<string> TableFunctions =
        new[] { "unnest", "range", "generate_series", "repeat", "repeat_row", "json_each", "json_tree" }
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Scalar functions that reveal settings of the machine, or write.</summary>
    private static readonly FrozenSet<string> RefusedFunctions =
        new[] { "getenv", "current_setting", "write_log" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks a statement.</summary>
    /// <returns>
    /// The SQL to run, which is the statement without comments before the query of an EXPLAIN; and the names in it that could be paths,
    /// which must be names of tables.
    /// </returns>
    /// <exception cref="AthenaQueryException">There is no statement or more than one, it does more than read, or it is not SQL.</exception>
    public static (string Sql, IReadOnlyCollection<string> PathNames) Check(DuckDBConnection connection, string sql)
    {
        if (sql.Contains('\0', StringComparison.Ordinal))
            throw new AthenaQueryException("SYNTAX_ERROR", "The statement has a character U+0000. Remove it.");
        var head = new StatementHead(sql);
        if (head.IsEmpty) throw new AthenaQueryException("InvalidRequestException", "There is no statement. Give one, such as SELECT.");
        if (!head.Take("EXPLAIN"))
        {
            return (sql, CheckQuery(connection, sql, 0));
        }

        // Only the query is checked, so exactly that query must follow the words that are added here.
        var prefix = "EXPLAIN ";
        if (head.Take("ANALYZE")) prefix += "ANALYZE ";
        prefix += head.TakeOptions() + " ";
        var query = head.Start;
        return (prefix + sql[query..], CheckQuery(connection, sql[query..], query));
    }

    /// <summary>Checks a query and returns its names that could be paths.</summary>
    /// <param name="connection">Connection whose parser is used.</param>
    /// <param name="query">The query, up to the end of the statement.</param>
    /// <param name="offset">Position of the query in the statement.</param>
    private static HashSet<string> CheckQuery(DuckDBConnection connection, string query, int offset)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT json_serialize_sql({DuckIdentifier.Literal(query)})";
        string tree;
        try
        {
            tree = (string)command.ExecuteScalar()!;
        }
        catch (DuckDBException error)
        {
            throw new AthenaQueryException(
                "SYNTAX_ERROR", $"The statement cannot be parsed: {error.Message.Split('\n')[0]}", innerException: error);
        }

        using var answer = tree.StartsWith("{\"error\":true", StringComparison.Ordinal) ? JsonDocument.Parse(tree) : null;
        if (answer is not null) throw Refusal(answer.RootElement, query, offset);
        return CheckTree(tree, query);
    }

    private static AthenaQueryException Refusal(JsonElement answer, string query, int offset)
    {
        var head = new StatementHead(query);
        var isParsed = answer.GetProperty("error_type").GetString() != "parser";
        if (isParsed || head.IsRefused)
        {
            var (line, column) = PlaceOf(query, head.Start);
            return new(
                "NOT_SUPPORTED",
                $"{head.Name()} is not supported by the local Athena, which only reads tables. Nothing was run. "
                + "Use SELECT, WITH, VALUES, EXPLAIN, SHOW or DESCRIBE, or run the statement on AWS.",
                offset == 0 ? line : null, column);
        }

        var message = answer.GetProperty("error_message").GetString()!;
        var isPlaced = answer.TryGetProperty("position", out var text);
        if (!isPlaced || !int.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var position))
            return new("SYNTAX_ERROR", message);
        var place = PlaceOf(query, position);
        return offset == 0 ? new("SYNTAX_ERROR", message, place.Line, place.Column) : new("SYNTAX_ERROR", message);
    }

    /// <summary>
    /// Checks the tokens of the parse tree. Names of members come from the parser; texts of the statement are only values.
    /// </summary>
    /// <returns>Names in the query that could be paths.</returns>
    private static HashSet<string> CheckTree(string tree, string query)
    {
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(tree), new JsonReaderOptions { MaxDepth = int.MaxValue });
        var statements = 0;
        var isTableFunction = false;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.CurrentDepth == StatementDepth && reader.ValueTextEquals("node"u8) && ++statements > 1)
                throw new AthenaQueryException(
                    "InvalidRequestException", "Only one sql statement is allowed. Nothing was run. Send each statement separately.");
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("TABLE_FUNCTION"u8)) isTableFunction = true;
            }
            else if (reader.ValueTextEquals("function_name"u8))
            {
                reader.Read();
                CheckFunction(reader.GetString()!, isTableFunction, query);
                isTableFunction = false;
            }
            else if (IsNameOfTable(ref reader))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } name
                    && (name.AsSpan().ContainsAny("/\\") || IsOfEngine(name))) paths.Add(name);
            }
        }

        return paths;
    }

    private static bool IsNameOfTable(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("table_name"u8) || reader.ValueTextEquals("schema_name"u8) || reader.ValueTextEquals("catalog_name"u8);

    /// <summary>Depth of a statement's member <c>node</c>: below the response, its list and the statement.</summary>
    private const int StatementDepth = 3;

    private static void CheckFunction(string name, bool isTableFunction, string query)
    {
        if (isTableFunction ? TableFunctions.Contains(name) : !RefusedFunctions.Contains(name)) return;
        var at = query.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        var place = PlaceOf(query, at);
        var kind = isTableFunction ? "Table function" : "Function";
        throw new AthenaQueryException(
            "FUNCTION_NOT_FOUND", $"{kind} '{name}' not registered. Nothing was run. The local Athena reads only tables of the catalog.",
            at < 0 ? null : place.Line, at < 0 ? null : place.Column);
    }

    /// <summary>True for system tables, in which DuckDB shows its settings and files.</summary>
    private static bool IsOfEngine(string name) =>
        name.StartsWith("duckdb_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("pg_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Refuses names with a slash and names of system tables that are not tables of the catalog: DuckDB would read a file or show its own
    /// data.
    /// </summary>
    /// <exception cref="AthenaQueryException">A name is not that of a table.</exception>
    public static void CheckPaths(IEnumerable<string> names, IReadOnlySet<string> tables)
    {
        if (names.FirstOrDefault(n => !tables.Contains(n)) is not { } name) return;
        throw new AthenaQueryException(
            "TABLE_NOT_FOUND",
            $"Table '{name}' does not exist. Nothing was run. The local Athena reads only tables of the catalog, not files by their path.");
    }

    private static (int Line, int Column) PlaceOf(string text, int at)
    {
        var before = text.AsSpan(0, Math.Clamp(at, 0, text.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}

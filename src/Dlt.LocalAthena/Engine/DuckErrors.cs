using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Lake;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>Translates errors of DuckDB to Athena's error names, with line and column in the statement.</summary>
internal static partial class DuckErrors
{
    public static AthenaQueryException Translate(DuckDBException error, string sql)
    {
        var message = error.Message;
        var (line, column) = Place(message, sql);
        var first = message.Split('\n')[0];
        var text = first[(first.IndexOf(':') + 1)..].Trim();
        if (first.StartsWith("Parser Error", StringComparison.Ordinal)) return new("SYNTAX_ERROR", text, line, column, error);
        if (MissingTable().Match(message) is { Success: true } table)
            return new("TABLE_NOT_FOUND", $"Table '{table.Groups["name"].Value}' does not exist", line, column, error);
        if (MissingSchema().Match(message) is { Success: true } schema)
            return new("SCHEMA_NOT_FOUND", $"Schema '{schema.Groups["name"].Value}' does not exist", line, column, error);
        if (MissingColumn().Match(message) is { Success: true } missing)
            return new("COLUMN_NOT_FOUND", $"Column '{missing.Groups["name"].Value}' cannot be resolved", line, column, error);
        if (MissingTableOfColumn().Match(message) is { Success: true } qualifier)
            return new("COLUMN_NOT_FOUND", $"Column '{qualifier.Groups["name"].Value}' cannot be resolved", line, column, error);
        if (MissingFunction().Match(message) is { Success: true } function)
            return new("FUNCTION_NOT_FOUND", $"Function '{function.Groups["name"].Value}' not registered", line, column, error);
        if (first.StartsWith("Conversion Error", StringComparison.Ordinal)) return new("INVALID_CAST_ARGUMENT", text, line, column, error);
        if (first.StartsWith("Binder Error", StringComparison.Ordinal)) return new("SYNTAX_ERROR", text, line, column, error);
        if (first.StartsWith("Permission Error", StringComparison.Ordinal))
            return new("PERMISSION_DENIED", $"{text}. The local Athena reads only the files of the tables that a statement names",
                line, column, error);
        if (first.StartsWith("Catalog Error", StringComparison.Ordinal)) return new("NOT_FOUND", text, line, column, error);
        return new("GENERIC_INTERNAL_ERROR", text, line, column, error);
    }

    /// <summary>Finds the place of an error: DuckDB prints the line of the statement, and a caret below the place.</summary>
    private static (int? Line, int? Column) Place(string message, string sql)
    {
        var lines = message.Split('\n');
        for (var i = 0; i + 1 < lines.Length; i++)
        {
            var match = LineNumber().Match(lines[i]);
            if (!match.Success) continue;
            var line = int.Parse(match.Groups["line"].Value, CultureInfo.InvariantCulture);
            var caret = lines[i + 1].IndexOf('^');
            if (caret < 0) return (line, 1);
            var shown = lines[i][match.Length..];
            var column = caret - match.Length + 1;
            if (shown.StartsWith("...", StringComparison.Ordinal))
            {
                // DuckDB shows only a part of a long line: find that part in the statement.
                var part = shown.Trim('.');
                var source = sql.Split('\n').ElementAtOrDefault(line - 1) ?? "";
                var at = source.IndexOf(part, StringComparison.Ordinal);
                column = at < 0 ? column : at + column - 3;
            }

            return (line, Math.Max(column, 1));
        }

        return (null, null);
    }

    [GeneratedRegex(@"^LINE (?<line>\d+): ")]
    private static partial Regex LineNumber();

    [GeneratedRegex(@"Table with name (?<name>\S+) does not exist")]
    private static partial Regex MissingTable();

    [GeneratedRegex(@"Schema with name (?<name>\S+) does not exist|Catalog ""(?<name>[^""]+)"" does not exist")]
    private static partial Regex MissingSchema();

    [GeneratedRegex(
        @"(Referenced column|Values list ""[^""]*"" does not have a column named|Table ""[^""]*"" does not have a column named) "
            + @"""(?<name>[^""]+)""")]
    private static partial Regex MissingColumn();

    [GeneratedRegex(@"Referenced table ""(?<name>[^""]+)"" not found")]
    private static partial Regex MissingTableOfColumn();

    [GeneratedRegex(@"Function with name (?<name>\S+) does not exist")]
    private static partial Regex MissingFunction();
}

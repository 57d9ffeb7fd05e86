namespace Dlt.Local;

/// <summary>Escapes names and texts for DuckDB. All SQL is built with it.</summary>
internal static class DuckIdentifier
{
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}

namespace Dlt.Local;

/// <summary>The one place that escapes names and texts for DuckDB.</summary>
internal static class DuckIdentifier
{
    public static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}

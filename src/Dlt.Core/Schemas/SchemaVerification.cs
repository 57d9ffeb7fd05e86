using System.Globalization;

namespace Dlt.Schemas;

/// <summary>Checks whether a destination can hold a schema (docs/spec/pipeline.md 5.5; docs/spec/athena-destination.md 1.8).</summary>
internal static class SchemaVerification
{
    /// <summary>Returns all problems in the order of the tables; empty when there is none.</summary>
    public static List<SchemaException> Verify(Schema schema, IEnumerable<TableSchema> tables, DestinationCapabilities capabilities)
    {
        var problems = new List<SchemaException>();
        var tableNames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in tables)
        {
            Check(problems, tableNames, table.Name, "table", table.Name, null, schema, capabilities);
            var columnNames = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var column in table.CompleteColumns)
                Check(problems, columnNames, column.Name, "column", table.Name, column.Name, schema, capabilities);
        }

        return problems;
    }

    private static void Check(
        List<SchemaException> problems, Dictionary<string, string> seen, string name, string kind, string table, string? column,
        Schema schema, DestinationCapabilities capabilities)
    {
        if (capabilities.MaxIdentifierLength is { } max && name.Length > max)
        {
            Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The {kind} name '{name}' has {name.Length} characters; {capabilities.DestinationName} allows {max}. "
                + $"Nothing was loaded. Rename it."));
        }

        if (name.AsSpan().IndexOfAnyInRange('\0', '\x1F') is >= 0 and var at)
        {
            Add(string.Create(
                CultureInfo.InvariantCulture,
                $"The {kind} name {JsonText.Write(JsonValue.String(name))} has the control character U+{(int)name[at]:X4}, "
                + $"which {capabilities.DestinationName} does not allow in names. Nothing was loaded. "
                + $"Rename the key in the data, or use the naming convention snake_case (now: {schema.Naming.Name})."));
        }

        var folded = capabilities.HasCaseSensitiveIdentifiers ? name : CaseFold(name);
        if (!seen.TryAdd(folded, name))
        {
            var owner = column is null ? "" : $" of table '{table}'";
            Add(
                $"The {kind} names '{seen[folded]}' and '{name}'{owner} are one name for {capabilities.DestinationName}. "
                + $"Nothing was loaded. Rename one, or use a case-insensitive naming convention (now: {schema.Naming.Name}).");
        }

        void Add(string problem) => problems.Add(new SchemaException(problem) { Table = table, Column = column });
    }

    /// <summary>Folds the two letters that <see cref="string.ToLowerInvariant"/> leaves different from their full case folding.</summary>
    private static string CaseFold(string name) =>
        name.Replace("ß", "ss", StringComparison.Ordinal).Replace("İ", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
}

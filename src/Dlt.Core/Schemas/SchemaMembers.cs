using System.Collections.Frozen;
using Dlt.Internal;

namespace Dlt.Schemas;

/// <summary>
/// Checks the members of a stored schema (docs/spec/pipeline.md 4.1). Names that begin with <c>x-</c> are free. Any other unknown name is a
/// typing error; ignoring it could allow nulls or append instead of replace.
/// </summary>
internal static class SchemaMembers
{
    private static readonly FrozenSet<string> OfTable = Set(
        "name", "description", "columns", "parent", "resource", "write_disposition", "references", "table_format", "file_format",
        "schema_contract", "variant_name", "filters", "table_sealed");

    private static readonly FrozenSet<string> OfFilters = Set("excludes", "includes");

    private static readonly FrozenSet<string> OfColumn = Set(
        "name", "data_type", "precision", "scale", "description", "timezone", "nullable", "variant", "sort", "unique", "row_key",
        "parent_key", "root_key", "hard_delete", "dedup_sort", "partition", "cluster", "primary_key",
        "merge_key", "incremental");

    private static readonly FrozenSet<string> OfSettings = Set("detections", "default_hints", "preferred_types", "schema_contract");

    private static readonly FrozenSet<string> OfNormalizers =
        Set("names", "json", "use_break_path_on_normalize", "allow_identifier_change_on_table_with_data", "detections");

    /// <summary>Checks a schema of the current engine version.</summary>
    /// <exception cref="SchemaException">The name is not a valid schema name, a member is unknown, or a parent table is not in the
    /// schema.</exception>
    public static void Check(JsonValue schema)
    {
        if (schema["name"] is { Kind: JsonKind.String } name && !Schema.IsValidName(name.AsString()))
        {
            throw new SchemaException(
                $"A stored schema has the name '{name.AsString()}', which is not a valid schema name. Nothing was loaded. "
                + "Use an identifier of at most 64 letters, digits and underscores that does not start with a digit.");
        }

        Check(schema["settings"], OfSettings, "settings", null, null);
        Check(schema["normalizers"], OfNormalizers, "normalizers", null, null);
        if (schema["tables"] is not { Kind: JsonKind.Object } tables) return;
        foreach (var (table, properties) in tables.Members)
        {
            Check(properties, OfTable, $"tables.{table}", table, null);
            Check(properties["filters"], OfFilters, $"tables.{table}.filters", table, null);
            if (properties["parent"] is { Kind: JsonKind.String } parent && tables[parent.AsString()] is null)
            {
                throw new SchemaException(
                    $"tables.{table}: the parent '{parent.AsString()}' is not a table of the schema. Nothing was loaded. "
                    + "Add the table, or correct the name.")
                {
                    Table = table,
                };
            }

            if (properties["columns"] is not { Kind: JsonKind.Object } columns) continue;
            foreach (var (column, hints) in columns.Members) Check(hints, OfColumn, $"tables.{table}.columns.{column}", table, column);
        }
    }

    private static void Check(JsonValue? value, FrozenSet<string> known, string path, string? table, string? column)
    {
        if (value is not { Kind: JsonKind.Object }) return;
        foreach (var name in value.Members.Names)
        {
            if (known.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal)) continue;
            var nearest = NearestName.Of(name, known.Order(StringComparer.Ordinal));
            throw new SchemaException(
                $"{path}: unknown '{name}', the nearest one is '{nearest}'. Nothing was loaded. "
                + "Correct the name, or begin it with 'x-' for your own hint.")
            {
                Table = table,
                Column = column,
            };
        }
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.Ordinal);
}

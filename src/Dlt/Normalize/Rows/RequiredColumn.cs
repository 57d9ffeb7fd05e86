using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>The errors of a column that is not nullable, such as a key, and lacks values.</summary>
internal static class RequiredColumn
{
    /// <summary>Makes the error for a column that no row has.</summary>
    /// <param name="table">Identifier of the table.</param>
    /// <param name="column">The column.</param>
    /// <param name="others">Columns of the table.</param>
    public static SchemaException WithoutValue(string table, ColumnSchema column, IEnumerable<ColumnSchema> others) =>
        VariantOf(column.Name, others) is { } variant
            ? Unfit(table, column.Name, variant)
            : Error(table, column.Name, "is declared not nullable (as a key is), but no row has a value",
                "Correct the declaration or the data.");

    /// <summary>Makes the error for a column that some rows lack.</summary>
    /// <param name="table">Identifier of the table.</param>
    /// <param name="column">Name of the column.</param>
    /// <param name="filled">Columns that have values in these rows.</param>
    public static SchemaException WithNulls(string table, string column, IEnumerable<ColumnSchema> filled) =>
        VariantOf(column, filled) is { } variant
            ? Unfit(table, column, variant)
            : Error(table, column, "is declared not nullable, but rows came without it",
                "Fill the field in the data, or declare the column nullable.");

    private static SchemaException Unfit(string table, string column, string variant) => Error(
        table, column,
        $"is not nullable, but rows have a value of another type, which the column cannot hold (it would go to {variant})",
        "Correct the values in the data, or load into a new table whose column is declared with a type for all of them.");

    private static SchemaException Error(string table, string column, string what, string advice) =>
        new($"Column '{table}.{column}' {what}. {UnloadedPackage.State} {advice}") { Table = table, Column = column };

    /// <summary>
    /// Returns the variant column with values of a column: its name, a separator of the naming convention, <c>v_</c> and a type.
    /// </summary>
    private static string? VariantOf(string column, IEnumerable<ColumnSchema> columns) =>
        columns.Where(c => c.Has("variant") && c.Name.StartsWith(column, StringComparison.OrdinalIgnoreCase))
            .Select(c => c.Name)
            .FirstOrDefault(name => IsVariantSuffix(name[column.Length..].TrimStart('_', '▶')));

    private static bool IsVariantSuffix(string text) => text is ['v', '_', .. var type] && DataTypes.TryParse(type, out _);
}

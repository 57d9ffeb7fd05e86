using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Keeps rows of a list out of tables that are not the list's, where they would lose their parent.</summary>
internal static class TableOwnership
{
    /// <summary>Checks that a row may be written into a table.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="table">The table of the row.</param>
    /// <param name="parent">The table of the parent row; null for a root row.</param>
    /// <exception cref="UnloadableItemException">The table is the child of another table, or is a root table.</exception>
    public static void Check(Schema schema, TableSchema table, string? parent)
    {
        if (table.Parent == parent || IsOfSameRoot(schema, table, parent) || IsDeclaredRoot(schema, table, parent)) return;
        var isOf = table.Parent is { } other ? $"is the table of lists of '{other}'" : "is a table of its own";
        var what = parent is null
            ? $"rows of table '{table.Name}' have no parent"
            : $"a list of table '{parent}' would be the table '{table.Name}'";
        throw UnloadableItemException.OtherTable(table.Name, $"{what}, but '{table.Name}' {isOf}");
    }

    /// <summary>Returns true when lists at two depths of the same items share the table; each row has the id of its own parent.</summary>
    private static bool IsOfSameRoot(Schema schema, TableSchema table, string? parent) =>
        parent is not null && table.Parent is not null && schema.TryGetTable(parent, out var above)
            && schema.RootOf(table).Name == schema.RootOf(above).Name;

    /// <summary>
    /// Returns true for the table of a list that was declared with a key: it is a root table of the same resource (docs/spec/pipeline.md
    /// 1.3).
    /// </summary>
    private static bool IsDeclaredRoot(Schema schema, TableSchema table, string? parent) =>
        parent is not null && table.Parent is null && schema.TryGetTable(parent, out var above)
        && schema.Inherited(table, "resource") is { } resource && resource == schema.Inherited(schema.RootOf(above), "resource");
}

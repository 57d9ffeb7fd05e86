using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Says which rows a row of a nested table belongs to, for those who do not have the schema.</summary>
/// <param name="Root">Name of the root table.</param>
/// <param name="Table">Name of the table of the owners: the root table, or the parent when the nested table does not name its root.</param>
/// <param name="Key">The column of that table that identifies a row.</param>
/// <param name="Column">The column of the nested table with that id.</param>
internal sealed record RowOwner(string Root, string Table, string Key, string Column)
{
    /// <summary>Finds the owner of the rows of a nested table; null for a root table, or when columns are missing.</summary>
    public static RowOwner? Of(TableChain chain, TableSchema table)
    {
        if (table.Name == chain.Root.Name) return null;
        var rootKey = table.CompleteColumns.FirstOrDefault(c => c.Has("root_key"));
        var owner = rootKey is not null ? chain.Root : chain.Tables.Select(t => t.Table).FirstOrDefault(t => t.Name == table.Parent);
        var column = rootKey ?? table.CompleteColumns.FirstOrDefault(c => c.Has("parent_key"));
        return owner is not null && column is not null && RowKeyOf(owner) is { } key
            ? new(chain.Root.Name, owner.Name, key.Name, column.Name) : null;
    }

    /// <summary>
    /// The column that identifies a row: the one with the hint <c>row_key</c>, else <c>unique</c>, else the only primary key. With the
    /// strategy scd2 the row version comes second: nested rows refer to it, although a version may come again. Null when the table has no
    /// such column.
    /// </summary>
    public static ColumnSchema? RowKeyOf(TableSchema table)
    {
        var columns = table.CompleteColumns;
        var keys = columns.Where(c => c.Has(HintNames.PrimaryKey)).Take(2).ToList();
        // The id of a table with versions of rows is not unique, so it has neither hint (docs/spec/pipeline.md 9.6).
        var version = columns.FirstOrDefault(c => c.Has(HintNames.RowVersion) && c.Properties["row_key"] is { Kind: JsonKind.False });
        return columns.FirstOrDefault(c => c.Has("row_key")) ?? version ?? columns.FirstOrDefault(c => c.Has("unique"))
            ?? (keys.Count == 1 ? keys[0] : null);
    }

    /// <summary>The key column in the table of the owners; null when it is gone.</summary>
    public KeyColumns? KeyIn(TableMetadata owner) => ColumnIn(owner, Key);

    /// <summary>The column of the nested table; null when it is gone.</summary>
    public KeyColumns? ColumnIn(TableMetadata nested) => ColumnIn(nested, Column);

    public JsonValue ToJson() => JsonValue.Object(
        ("root", JsonValue.String(Root)), ("table", JsonValue.String(Table)), ("key", JsonValue.String(Key)),
        ("column", JsonValue.String(Column)));

    public static RowOwner FromJson(JsonValue json) =>
        new(json["root"]!.AsString(), json["table"]!.AsString(), json["key"]!.AsString(), json["column"]!.AsString());

    private static KeyColumns? ColumnIn(TableMetadata table, string name) =>
        table.CurrentSchema.Fields.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } field
            ? new([field]) : null;
}

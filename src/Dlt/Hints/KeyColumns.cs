using Dlt.Schemas;

namespace Dlt;

/// <summary>Adds key hints to declared columns. A key column is not nullable unless its declaration specifies nullability.</summary>
internal static class KeyColumns
{
    /// <summary>Returns the declared columns with their key hints. Columns that are not declared are appended.</summary>
    public static List<ColumnSchema> Declare(
        IEnumerable<ColumnSchema> declared, IEnumerable<string> primaryKey, IEnumerable<string> mergeKey, string? hardDelete = null,
        DedupSort? dedupSort = null)
    {
        var columns = declared.ToList();
        foreach (var (names, hint) in new[] { (primaryKey, HintNames.PrimaryKey), (mergeKey, HintNames.MergeKey) })
            foreach (var name in names) SetHint(columns, name, column => Required(column).With(hint, JsonValue.Bool(true)));
        if (hardDelete is not null) SetHint(columns, hardDelete, column => column.With(HintNames.HardDelete, JsonValue.Bool(true)));
        if (dedupSort is not null)
        {
            var order = JsonValue.String(dedupSort.IsDescending ? "desc" : "asc");
            SetHint(columns, dedupSort.Column, column => column.With(HintNames.DedupSort, order));
        }

        return columns;
    }

    private static ColumnSchema Required(ColumnSchema column) =>
        column.Properties["nullable"] is null ? column.With("nullable", JsonValue.Bool(false)) : column;

    private static void SetHint(List<ColumnSchema> columns, string name, Func<ColumnSchema, ColumnSchema> change)
    {
        var at = columns.FindIndex(c => c.Name == name);
        if (at < 0) columns.Add(change(new ColumnSchema(name)));
        else columns[at] = change(columns[at]);
    }
}

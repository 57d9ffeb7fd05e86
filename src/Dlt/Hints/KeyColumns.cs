using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Lays the keys of a resource over its declared columns: a key column is not nullable unless its declaration says so.</summary>
internal static class KeyColumns
{
    /// <summary>The declared columns with the hints of keys; columns that only a hint names come last.</summary>
    public static List<ColumnSchema> Declare(
        IEnumerable<ColumnSchema> declared, IEnumerable<string> primaryKey, IEnumerable<string> mergeKey, string? hardDelete = null,
        DedupSort? dedupSort = null)
    {
        var columns = declared.ToList();
        foreach (var (names, hint) in new[] { (primaryKey, HintNames.PrimaryKey), (mergeKey, HintNames.MergeKey) })
            foreach (var name in names) Lay(columns, name, column => Required(column).With(hint, JsonValue.Bool(true)));
        if (hardDelete is not null) Lay(columns, hardDelete, column => column.With(HintNames.HardDelete, JsonValue.Bool(true)));
        if (dedupSort is not null)
        {
            var order = JsonValue.String(dedupSort.IsDescending ? "desc" : "asc");
            Lay(columns, dedupSort.Column, column => column.With(HintNames.DedupSort, order));
        }

        return columns;
    }

    private static ColumnSchema Required(ColumnSchema column) =>
        column.Properties["nullable"] is null ? column.With("nullable", JsonValue.Bool(false)) : column;

    private static void Lay(List<ColumnSchema> columns, string name, Func<ColumnSchema, ColumnSchema> change)
    {
        var at = columns.FindIndex(c => c.Name == name);
        if (at < 0) columns.Add(change(new ColumnSchema(name)));
        else columns[at] = change(columns[at]);
    }
}

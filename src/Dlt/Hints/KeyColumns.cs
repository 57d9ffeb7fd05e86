using Dlt.Json;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Lays the keys of a resource over its declared columns: a key column is not nullable unless its declaration says so.</summary>
internal static class KeyColumns
{
    public static List<ColumnSchema> Declare(
        IEnumerable<ColumnSchema> declared, IEnumerable<string> primaryKey, IEnumerable<string> mergeKey)
    {
        var columns = declared.ToList();
        foreach (var (names, hint) in new[] { (primaryKey, "primary_key"), (mergeKey, "merge_key") })
        {
            foreach (var name in names)
            {
                var at = columns.FindIndex(c => c.Name == name);
                var column = at < 0 ? new ColumnSchema(name) : columns[at];
                if (column.Properties["nullable"] is null) column = column.With("nullable", JsonValue.Bool(false));
                column = column.With(hint, JsonValue.Bool(true));
                if (at < 0) columns.Add(column);
                else columns[at] = column;
            }
        }

        return columns;
    }
}

using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Local;

/// <summary>
/// Reads the values of partition keys from the path of a file: <c>dt=2024-01-01/part=a</c>, relative to the table's location.
/// </summary>
internal static class HivePartition
{
    /// <summary>Hive's folder name for rows without a value.</summary>
    private const string Default = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The values in the order of the keys; null for Hive's default partition.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keys">Its partition keys.</param>
    /// <param name="file">Location of the file.</param>
    /// <exception cref="DltException">The path lacks a value for a key.</exception>
    public static List<string?> ValuesOf(GlueTable table, IReadOnlyList<GlueColumn> keys, string file)
    {
        var folder = ObjectLocation.Parse(table.Location).Key.TrimEnd('/');
        var key = ObjectLocation.Parse(file).Key;
        var parts = key[folder.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var values = new List<string?>();
        foreach (var partition in keys)
        {
            var name = partition.Name + "=";
            var part = Array.Find(parts[..^1], p => p.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                ?? throw new DltException(
                    $"Table '{table.DatabaseName}.{table.Name}' has the partition key '{partition.Name}', and the path of '{file}' has no "
                    + $"folder '{name}…'. Nothing was read. Move the file into the folder of its partition, or out of the table's folder.");
            var value = Uri.UnescapeDataString(part[name.Length..]);
            values.Add(value == Default ? null : value);
        }

        return values;
    }
}

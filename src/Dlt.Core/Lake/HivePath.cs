using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Text;

namespace Dlt.Internal;

/// <summary>Folders of Hive's partitions, such as <c>country=de/at_day=2024-05-06</c> (Hive, FileUtils).</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class HivePath
{
    /// <summary>Value and folder name of rows without a value; Hive puts empty texts there as well.</summary>
    public const string DefaultPartition = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Characters that Hive escapes in the names of folders.</summary>
    private const string Escaped = "\"#%'*/:=?\\{[]^\u007F";

    /// <summary>The folder of a partition, without slashes at its ends.</summary>
    /// <param name="keys">Names of the partition keys.</param>
    /// <param name="values">Their values.</param>
    public static string FolderOf(IEnumerable<string> keys, IEnumerable<string> values) =>
        string.Join('/', keys.Zip(values, (key, value) => $"{key}={Escape(value)}"));

    /// <summary>
    /// Reads the values of partition keys from the path of a file below its table. Null if the path lacks the folder of a key.
    /// </summary>
    /// <param name="keys">Names of the partition keys.</param>
    /// <param name="path">Path of the file, relative to the folder of the table.</param>
    public static ImmutableArray<string>? ValuesOf(IEnumerable<string> keys, string path)
    {
        var folders = path.Split('/', StringSplitOptions.RemoveEmptyEntries)[..^1];
        var values = ImmutableArray.CreateBuilder<string>();
        foreach (var key in keys)
        {
            var start = key + "=";
            if (Array.Find(folders, f => f.StartsWith(start, StringComparison.OrdinalIgnoreCase)) is not { } folder) return null;
            values.Add(Uri.UnescapeDataString(folder[start.Length..]));
        }

        return values.ToImmutable();
    }

    private static string Escape(string value)
    {
        if (!value.Any(c => c < ' ' || Escaped.Contains(c, StringComparison.Ordinal))) return value;
        var text = new StringBuilder();
        foreach (var c in value)
        {
            if (c < ' ' || Escaped.Contains(c, StringComparison.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else text.Append(c);
        }

        return text.ToString();
    }
}

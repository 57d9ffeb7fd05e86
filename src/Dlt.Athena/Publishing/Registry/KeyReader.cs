using System.Text.RegularExpressions;
using System.Text;
using Dlt.Destinations.Settings;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>Reads the load id from an object's key, at the place that the layout gives it (docs/spec/athena-destination.md 2.3).</summary>
internal sealed partial class KeyReader
{
    /// <summary>Folders that may follow that of the table: that of a swap, and those of partitions.</summary>
    private const string Folders = $"(/{SwapFolder.Name}/[^/]+)?(/[^/=]+=[^/]+)*?";

    private readonly string _pattern;

    public KeyReader(FileLayout layout)
    {
        _pattern = layout.Pattern;
        HasOwnKeys = _pattern.Contains("{load_id}", StringComparison.Ordinal) || _pattern.Contains("{file_id}", StringComparison.Ordinal);
    }

    /// <summary>True when the layout gives each load its own keys; false when files of two loads may have the same key.</summary>
    public bool HasOwnKeys { get; }

    /// <summary>Creates a function that finds load ids in the keys of a table.</summary>
    /// <param name="table">The table.</param>
    /// <returns>Maps a key below the dataset's folder to its load id; to null if it has none or does not follow the layout.</returns>
    public Func<string, string?> Of(string table)
    {
        if (!_pattern.Contains("{load_id}", StringComparison.Ordinal)) return _ => null;
        var text = new StringBuilder("^");
        var isKnown = false;
        foreach (Match part in Part().Matches(_pattern))
        {
            text.Append(part.Groups[1].Value switch
            {
                "" => Regex.Escape(part.Value),
                "table_name" => Regex.Escape(TableFolder.Of(table)) + Folders,
                "load_id" => isKnown ? @"\k<load>" : @"(?<load>[0-9]+\.[0-9]+)",
                "file_id" => "[^/.]+",
                _ => ".+?",
            });
            isKnown |= part.Groups[1].Value == "load_id";
        }

        var form = new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        return key => form.Match(key) is { Success: true } match ? match.Groups["load"].Value : null;
    }

    /// <summary>Creates functions that find load ids in the locations of a table's files.</summary>
    /// <param name="dataset">Folder of the dataset.</param>
    public Func<string, Func<ObjectLocation, string?>> In(ObjectLocation dataset)
    {
        var root = dataset.Combine("").Key;
        return table =>
        {
            var loadIdOf = Of(table);
            return file => file.Bucket == dataset.Bucket && file.Key.StartsWith(root, StringComparison.Ordinal)
                ? loadIdOf(file.Key[root.Length..]) : null;
        };
    }

    [GeneratedRegex(@"\{(\w+)\}|[^{]+")]
    private static partial Regex Part();
}

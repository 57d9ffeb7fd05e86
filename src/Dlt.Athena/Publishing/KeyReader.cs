using System.Text;
using System.Text.RegularExpressions;
using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>Reads the load id from an object's key, as the layout put it there (docs/spec/athena-destination.md 2.3).</summary>
internal sealed partial class KeyReader
{
    private readonly string _pattern;

    public KeyReader(FileLayout layout)
    {
        _pattern = layout.Pattern;
        HasOwnKeys = _pattern.Contains("{load_id}", StringComparison.Ordinal) || _pattern.Contains("{file_id}", StringComparison.Ordinal);
    }

    /// <summary>False when files of two loads may have the same key.</summary>
    public bool HasOwnKeys { get; }

    /// <summary>Finds load ids in the keys of a table.</summary>
    /// <param name="table">The table.</param>
    /// <returns>For a key below the dataset's folder its load id; null when it has none, or another form.</returns>
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
                "table_name" => Regex.Escape(TableFolder.Of(table)),
                "load_id" => isKnown ? @"\k<load>" : @"(?<load>[0-9]+\.[0-9]+)",
                "file_id" => "[^/.]+",
                _ => ".+?",
            });
            isKnown |= part.Groups[1].Value == "load_id";
        }

        var form = new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);
        return key => form.Match(key) is { Success: true } match ? match.Groups["load"].Value : null;
    }

    [GeneratedRegex(@"\{(\w+)\}|[^{]+")]
    private static partial Regex Part();
}

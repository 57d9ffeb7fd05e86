using System.Globalization;

namespace Dlt.Documents;

/// <summary>Where a description comes from: its file, if any, and the lines of its values. Makes errors that name the place.</summary>
internal sealed class DocumentOrigin
{
    private readonly Lazy<IReadOnlyDictionary<string, (int Line, int Column)>> _places;
    private readonly string _prefix = "";

    /// <param name="file">Name of the file; null for a text or for C#.</param>
    /// <param name="text">The text, which is searched for lines when there is an error; null for C#.</param>
    public DocumentOrigin(string? file = null, string? text = null)
    {
        File = file;
        _places = new(() => text is null ? new Dictionary<string, (int, int)>() : YamlPlaces.Of(text));
    }

    private DocumentOrigin(DocumentOrigin whole, string prefix)
    {
        (File, _places, Variables, _prefix) = (whole.File, whole._places, whole.Variables, prefix);
    }

    /// <summary>A description in C#.</summary>
    public static DocumentOrigin Code { get; } = new();

    /// <summary>Name of the file; null for a text or for C#.</summary>
    public string? File { get; }

    /// <summary>Places of values that come from variables: they have no types, and are not shown.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The origin of a part of this description, whose places begin at the part.</summary>
    public DocumentOrigin Below(string place) => place.Length == 0 ? this : new(this, place);

    /// <summary>Creates the error of a value.</summary>
    /// <param name="place">The value, such as <c>resources[1].endpoint.paginator.type</c>.</param>
    /// <param name="what">What is wrong, as a sentence that follows the place, and what to write instead.</param>
    public ConfigurationException Error(string place, string what)
    {
        if (_prefix.Length > 0) place = place.Length == 0 ? _prefix : $"{_prefix}.{place}";
        var found = Find(place);
        var file = (File, found) switch
        {
            (null, null) => "",
            (null, var (line, _)) => string.Create(CultureInfo.InvariantCulture, $"Line {line}: "),
            (_, null) => $"{File}: ",
            (_, var (line, column)) => string.Create(CultureInfo.InvariantCulture, $"{File}, line {line}, column {column}: "),
        };
        return new($"{file}{(place.Length == 0 ? "The description" : $"'{place}'")} {what} Nothing was requested.")
        {
            File = File,
            Line = found?.Line,
            Column = found?.Column,
            Fields = [place],
        };
    }

    /// <summary>Line and column of a value, or of the nearest one around it; null when there is no text.</summary>
    private (int Line, int Column)? Find(string place)
    {
        for (var around = place; ; around = around[..Math.Max(0, around.LastIndexOfAny(['.', '[']))])
        {
            if (_places.Value.TryGetValue(around, out var found)) return found;
            if (around.Length == 0) return null;
        }
    }
}

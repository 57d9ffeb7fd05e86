using System.Globalization;

namespace Dlt.Documents;

/// <summary>Where a description comes from: its file, if any, and the lines of its values. Makes errors that name the place.</summary>
internal sealed class DocumentOrigin
{
    private readonly Lazy<IReadOnlyDictionary<string, (int Line, int Column)>> _places;

    /// <param name="file">Name of the file; null for a text or for C#.</param>
    /// <param name="text">The text, which is searched for lines when there is an error; null for C#.</param>
    public DocumentOrigin(string? file = null, string? text = null)
    {
        File = file;
        _places = new(() => text is null ? new Dictionary<string, (int, int)>() : YamlPlaces.Of(text));
    }

    /// <summary>A description in C#.</summary>
    public static DocumentOrigin Code { get; } = new();

    /// <summary>Name of the file; null for a text or for C#.</summary>
    public string? File { get; }

    /// <summary>Creates the error of a value.</summary>
    /// <param name="place">The value, such as <c>resources[1].endpoint.paginator.type</c>.</param>
    /// <param name="what">What is wrong, as a sentence that follows the place, and what to write instead.</param>
    public ConfigurationException Error(string place, string what)
    {
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

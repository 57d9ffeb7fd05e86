using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>A value in the body that tells whether more pages follow. It can only end a series.</summary>
/// <param name="path">JSONPath of the value; null when the API has none.</param>
internal sealed class RestPageFlag(string? path)
{
    private readonly CursorPath? _path = path is null ? null : CursorPath.Parse(path);

    /// <summary>Returns false when the value says that the page is the last one.</summary>
    /// <exception cref="DltException">The value is missing, or is no boolean word.</exception>
    public bool Read(RestPage page)
    {
        if (_path is null) return true;
        var value = page.Find(_path);
        return value switch
        {
            { Kind: JsonKind.True } => true,
            { Kind: JsonKind.False } => false,
            { Kind: JsonKind.String } => Word(value.AsString()),
            null => throw Problem("is missing in the answer"),
            _ => throw Problem($"is {value}, which is no boolean"),
        };
    }

    private bool Word(string word) => word.Trim().ToUpperInvariant() switch
    {
        "YES" or "TRUE" or "T" or "Y" or "1" => true,
        "NO" or "FALSE" or "F" or "N" or "0" => false,
        _ => throw Problem($"is '{word}', which is no boolean"),
    };

    private DltException Problem(string what) => new(
        $"The value at '{path}', which tells whether more pages follow (has_more_path), {what}. "
        + "Nothing of this run was loaded, and the state is as before. Correct has_more_path of the paginator, or leave it out.");
}

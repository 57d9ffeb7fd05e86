using System.Collections.Immutable;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>
/// Finds the records in the answers of one series of pages: by the data selector, or, without one, by what the first answer with records
/// looks like.
/// </summary>
/// <param name="selector">Path of the records; null to detect it.</param>
/// <param name="path">Path of the request, for the guess whether the answer is one record.</param>
/// <param name="warn">Gets what a user should know, without the name of the resource.</param>
internal sealed class RestSelection(CursorPath? selector, string path, Action<string> warn)
{
    private CursorPath? _path = selector;

    /// <summary>The detected path of the records, <c>$</c> for the whole body; null when nothing was detected or had to be.</summary>
    public string? Detected { get; private set; }

    /// <summary>
    /// The path of the records, when it is known: <see cref="CursorPath.Names"/> allows to find them without parsing all.
    /// </summary>
    public CursorPath? Path => _path;

    /// <summary>Returns the records of an answer.</summary>
    public ImmutableArray<JsonValue> Select(JsonValue body)
    {
        if (_path is null)
        {
            if (RestDetection.Find(body, path, warn) is not { } names) return [];   // an empty envelope: the next page may tell more
            _path = CursorPath.Of(names);
            Detected = _path.Text;
        }

        var matches = _path.AllIn(body).ToList();
        if (matches.Count == 0) WarnOfNothing(body);
        return Records(matches);
    }

    /// <summary>
    /// Matches that are lists are pages: their elements are the records, whether there is one list or several. One match that is null is an
    /// empty page.
    /// </summary>
    private static ImmutableArray<JsonValue> Records(List<JsonValue> matches) => matches switch
    {
        [{ Kind: JsonKind.Array } list] => list.Items,
        [{ IsNull: true }] => [],
        _ when matches.Exists(m => m.Kind == JsonKind.Array) && matches.TrueForAll(m => m.Kind is JsonKind.Array or JsonKind.Null)
            => [.. matches.Where(m => !m.IsNull).SelectMany(m => m.Items)],
        _ => [.. matches],
    };

    private void WarnOfNothing(JsonValue body)
    {
        if (Detected is not null) return;   // a list that comes and goes
        var keys = body.Kind == JsonKind.Object ? $"has the keys {string.Join(", ", body.Members.Names.Take(20))}" : $"is {body.Kind}";
        warn($"The data selector '{_path!.Text}' matches nothing in an answer, which {keys}. No rows were taken from it.");
    }
}

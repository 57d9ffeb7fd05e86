using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Dlt.Sources.Rest;

/// <summary>Guesses where the records of an answer are (dlt documentation, REST API source, Data selection).</summary>
internal static partial class RestDetection
{
    private const int MaxDepth = 3;

    private static readonly FrozenSet<string> RecordKeys = new[]
    {
        "data", "items", "results", "entries", "records", "rows", "entities", "payload", "content", "objects", "values",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the names that lead to the records; empty for the whole body. Null for an envelope without records.</summary>
    /// <param name="body">The first answer.</param>
    /// <param name="path">Path of the request.</param>
    /// <param name="warn">Gets a warning of an unsafe guess.</param>
    public static IReadOnlyList<string>? Find(JsonValue body, string path, Action<string> warn)
    {
        if (body.Kind != JsonKind.Object) return [];
        List<string[]> lists = [];
        Collect(body, [], lists, JsonKind.Array);
        if (lists.Find(IsOfRecords) is { } known) return known;
        if (lists.Count > 0) return First(lists, body, path, warn);
        List<string[]> nulls = [];
        Collect(body, [], nulls, JsonKind.Null);
        return nulls.Exists(IsOfRecords) ? null : [];
    }

    private static bool IsOfRecords(string[] names) => RecordKeys.Contains(names[^1]);

    /// <summary>The first list, unless the address is that of one record, which has lists of its own.</summary>
    private static string[] First(List<string[]> lists, JsonValue body, string path, Action<string> warn)
    {
        if (body["id"] is { Kind: JsonKind.Integer or JsonKind.String })
        {
            if (IsOfOneRecord(path)) return [];
            warn($"The rows are taken from the list '{string.Join('.', lists[0])}' of an object that has an id of its own. If the object "
                + "is the row, set the data selector to '$'.");
        }

        return lists[0];
    }

    /// <summary>True when the last segment of a path is a number or a GUID.</summary>
    private static bool IsOfOneRecord(string path) => Id().IsMatch(path[(path.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/'));

    /// <summary>Collects the paths of all values of a kind, in the order of the body, objects within objects included.</summary>
    private static void Collect(JsonValue value, string[] names, List<string[]> found, JsonKind kind)
    {
        foreach (var (name, member) in value.Members)
        {
            if (member.Kind == kind) found.Add([.. names, name]);
            else if (member.Kind == JsonKind.Object && names.Length + 1 < MaxDepth) Collect(member, [.. names, name], found, kind);
        }
    }

    [GeneratedRegex("^([0-9]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$")]
    private static partial Regex Id();
}

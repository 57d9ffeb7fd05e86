using Dlt.Json;
using Dlt.Sources.Rest;

namespace Dlt.Golden.Rest;

/// <summary>Compares what was found automatically: in order for each resource.</summary>
internal static class RestDetections
{
    public static Action<RestDetected> Into(List<string> detected) => fact =>
    {
        lock (detected)
        {
            detected.Add(fact.DataSelector is { } selector
                ? $"{fact.Resource}: {selector}"
                : $"{fact.Resource}: {fact.Paginator} {fact.Key}".TrimEnd());
        }
    };

    public static IEnumerable<string> Problems(JsonValue? expected, List<string> detected)
    {
        var wanted = (expected?.Items ?? []).Select(Text).ToLookup(Resource);
        var actual = detected.ToLookup(Resource);
        foreach (var resource in wanted.Select(w => w.Key).Union(actual.Select(a => a.Key)))
        {
            if (!wanted[resource].SequenceEqual(actual[resource]))
                yield return $"detected: {string.Join(", ", actual[resource])} in place of {string.Join(", ", wanted[resource])}";
        }
    }

    private static string Text(JsonValue fact)
    {
        var resource = fact["resource"]!.AsString();
        if (fact["data_selector"] is { } selector) return $"{resource}: {selector.AsString()}";
        var paginator = fact["paginator"]!;
        var key = paginator.Members.Where(m => m.Key != "type").Select(m => m.Value.AsString());
        return $"{resource}: {string.Join(' ', key.Prepend(paginator["type"]!.AsString()))}";
    }

    private static string Resource(string fact) => fact[..fact.IndexOf(':', StringComparison.Ordinal)];
}

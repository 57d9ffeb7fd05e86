using System.Text;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Rest;

/// <summary>A request as it was sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query, escaped.</param>
/// <param name="Headers">Headers in their order.</param>
/// <param name="Body">The body; empty for none.</param>
internal sealed record CaseRequest(
    string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    private static readonly string[] OfEveryClient = [
        "Host", "Accept-Encoding", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "traceparent", "tracestate"];

    public string Host => Header("Host") ?? "";

    private string ContentType => Header("Content-Type") ?? "";

    /// <summary>True when method, host, path, query and body are those of a golden request.</summary>
    public bool Equals(JsonValue golden) =>
        Method == golden["method"]!.AsString()
        && "http://" + Host == (golden["host"]?.AsString() ?? "http://api.test")
        && Segments(Target.Split('?')[0]).SequenceEqual(Segments(golden["path"]!.AsString()))
        && Sorted(Pairs(QueryOf(Target))).SequenceEqual(Sorted(PairsOf(golden["query"]!)))
        && BodyEquals(golden["body"]);

    /// <summary>Differences of the headers from those of a golden request, one a line.</summary>
    /// <param name="golden">The request.</param>
    /// <param name="tokens">Tokens that were handed out: one is as good as another one (README, "What a driver does", 2).</param>
    public IEnumerable<string> HeaderProblems(JsonValue golden, IReadOnlySet<string> tokens)
    {
        var wanted = (golden["headers"]?.Members.AsEnumerable() ?? []).ToDictionary(
            h => h.Key, h => h.Value.AsString(), StringComparer.OrdinalIgnoreCase);
        var actual = Headers.Where(h => !IsOfEveryClient(h)).ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in wanted)
        {
            if (!actual.Remove(name, out var own)) yield return $"header {name}: {value} was not sent";
            else if (Comparable(name, own, value) != value && !IsToken(name, own, tokens))
                yield return $"header {name}: {value} was sent as {own}";
        }

        foreach (var (name, value) in actual) yield return $"header {name}: {value} was not expected";
    }

    public override string ToString()
    {
        var body = Body.IsEmpty ? "" : " " + Encoding.UTF8.GetString(Body.Span);
        return $"{Method} {Host}{Target}{body}";
    }

    public string? Header(string name) =>
        Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();

    private static bool IsOfEveryClient(KeyValuePair<string, string> header) =>
        OfEveryClient.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
        || (header.Key.Equals("Accept", StringComparison.OrdinalIgnoreCase) && header.Value == "*/*")
        || (header.Key.Equals("User-Agent", StringComparison.OrdinalIgnoreCase)
            && header.Value.StartsWith("dlt-dotnet/", StringComparison.Ordinal));

    /// <summary>The content type without its charset, unless the case has one.</summary>
    private static string Comparable(string name, string value, string wanted) =>
        name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && !wanted.Contains(';', StringComparison.Ordinal)
            ? value.Split(';')[0].Trim()
            : value;

    private static bool IsToken(string name, string value, IReadOnlySet<string> tokens) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && value.StartsWith("Bearer ", StringComparison.Ordinal)
        && tokens.Contains(value["Bearer ".Length..]);

    private static IEnumerable<string> Segments(string path) => path.Split('/').Select(Uri.UnescapeDataString);

    private static string QueryOf(string target) =>
        target.Contains('?', StringComparison.Ordinal) ? target[(target.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";

    private static IEnumerable<(string, string)> Pairs(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(p => p.Split('=', 2)).Select(p => (Unescape(p[0]), p.Length > 1 ? Unescape(p[1]) : ""));

    private static string Unescape(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static IEnumerable<(string, string)> PairsOf(JsonValue pairs) =>
        pairs.Items.Select(p => (p.Items[0].AsString(), p.Items[1].AsString()));

    private static IEnumerable<(string, string)> Sorted(IEnumerable<(string, string)> pairs) => pairs.Order();

    private bool BodyEquals(JsonValue? golden)
    {
        if (golden is null) return Body.IsEmpty;
        var text = Encoding.UTF8.GetString(Body.Span);
        if (golden["text"] is { } plain) return text == plain.AsString();
        if (golden["form"] is { } form)
        {
            return ContentType.StartsWith("application/x-www-form-urlencoded", StringComparison.Ordinal)
                && Sorted(Pairs(text)).SequenceEqual(Sorted(PairsOf(form)));
        }

        return ContentType.StartsWith("application/json", StringComparison.Ordinal) && !Body.IsEmpty
            && CanonicalRows.Text(JsonParser.Parse(text)) == CanonicalRows.Text(golden["json"]!);
    }
}

using System.Net.Http.Headers;

namespace Dlt.Sources.Rest;

/// <summary>Links to the next page.</summary>
internal static class RestLinks
{
    /// <summary>Makes a request ask for another address. Its own parameters are not sent again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="at">Address of the page that has the link.</param>
    /// <param name="reference">The link, which may be relative.</param>
    /// <param name="what">Where the link is, for errors.</param>
    public static void Follow(RestRequest request, Uri at, string reference, string what)
    {
        request.Url = RestUrl.WithoutDowngrade(at, RestUrl.Resolve(at, reference.Trim(), what)).AbsoluteUri;
        request.Params.Clear();
    }

    /// <summary>Finds a link in the headers <c>Link</c> (RFC 8288); null when there is none.</summary>
    /// <param name="headers">Headers of an answer.</param>
    /// <param name="relation">Relation of the link, without regard to case.</param>
    public static string? Find(HttpResponseHeaders headers, string relation)
    {
        if (!headers.NonValidated.TryGetValues("Link", out var values)) return null;
        foreach (var value in values)
        {
            foreach (var (url, parameters) in Parse(value))
            {
                var relations = parameters.FirstOrDefault(p => p.Name.Equals("rel", StringComparison.OrdinalIgnoreCase)).Value ?? "";
                if (relations.Split(' ').Contains(relation, StringComparer.OrdinalIgnoreCase)) return url;
            }
        }

        return null;
    }

    private static IEnumerable<(string Url, List<(string Name, string Value)> Parameters)> Parse(string header)
    {
        var at = 0;
        while (header.IndexOf('<', at) is var start and >= 0)
        {
            var end = header.IndexOf('>', start);
            if (end < 0) yield break;
            var url = header[(start + 1)..end];
            at = end + 1;
            var parameters = new List<(string Name, string Value)>();
            while (at < header.Length && header[at] != ',') parameters.Add(Parameter(header, ref at));
            yield return (url, parameters);
        }
    }

    /// <summary>Reads <c>;name=value</c> or <c>;name="value"</c>, up to the next semicolon or comma.</summary>
    private static (string Name, string Value) Parameter(string header, ref int at)
    {
        while (at < header.Length && header[at] is ';' or ' ') at++;
        var start = at;
        while (at < header.Length && header[at] is not ('=' or ';' or ',')) at++;
        var name = header[start..at].Trim();
        if (at >= header.Length || header[at] != '=') return (name, "");
        at++;
        while (at < header.Length && header[at] == ' ') at++;
        if (at < header.Length && header[at] == '"')
        {
            var close = header.IndexOf('"', at + 1);
            if (close < 0) close = header.Length;
            var quoted = header[(at + 1)..close];
            at = Math.Min(close + 1, header.Length);
            while (at < header.Length && header[at] is not (';' or ',')) at++;
            return (name, quoted);
        }

        var begin = at;
        while (at < header.Length && header[at] is not (';' or ',')) at++;
        return (name, header[begin..at].Trim());
    }
}

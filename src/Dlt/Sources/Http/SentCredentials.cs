using Dlt.Configuration;

namespace Dlt.Sources.Http;

/// <summary>Describes the credentials that a request carried, without their values.</summary>
internal static class SentCredentials
{
    private const int ShortestSecret = 8;   // shorter words, such as the scheme, are in texts of any kind

    private static readonly char[] Ends = ['&', ';'];

    public static string Of(HttpRequestMessage request)
    {
        List<string> sent = [];
        if (request.Headers.Authorization is { } login)
        {
            sent.Add(login.Parameter is null
                ? "an Authorization header of one word (a scheme such as Bearer is missing)"
                : $"an Authorization header of the scheme '{login.Scheme}'");
        }

        sent.AddRange(request.Headers.NonValidated.Select(h => h.Key).Where(IsSecret).Select(n => $"the header '{n}'"));
        sent.AddRange(QueryNames(request.RequestUri).Where(SecretText.IsSecretName).Select(n => $"the query parameter '{n}'"));
        var text = sent.Count == 0
            ? "the request carried none (no Authorization header)"
            : $"the request carried {string.Join(", ", sent)}";
        var hasUser = request.RequestUri is { IsAbsoluteUri: true, UserInfo.Length: > 0 };
        return hasUser ? text + "; user and password of an address are not sent" : text;
    }

    /// <summary>Replaces the credentials that a request carried in a text of the API, which may repeat them.</summary>
    public static string Hide(string text, HttpRequestMessage request)
    {
        var headers = request.Headers.NonValidated.Where(h => IsSecretHeader(h.Key)).SelectMany(h => h.Value);
        var words = headers.SelectMany(value => value.Split([' ', ';', ','], StringSplitOptions.RemoveEmptyEntries));
        var parameters = Pairs(request.RequestUri).Where(pair => SecretText.IsSecretName(pair[0])).Select(pair => pair[1]);
        var secrets = words.Concat(parameters).Concat(parameters.Select(Uri.UnescapeDataString)).Where(s => s.Length >= ShortestSecret);
        return secrets.Distinct().OrderByDescending(s => s.Length)
            .Aggregate(text, (shown, secret) => shown.Replace(secret, "***", StringComparison.Ordinal));
    }

    /// <summary>Returns whether a header carries credentials, by its name.</summary>
    public static bool IsSecretHeader(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || IsSecret(header);

    /// <summary>Returns whether a parameter carries credentials, by its name.</summary>
    public static bool IsSecretName(string name) => SecretText.IsSecretName(name);

    private static bool IsSecret(string header) => header is not "Authorization" && (header is "Cookie" || SecretText.IsSecretName(header));

    private static IEnumerable<string> QueryNames(Uri? url) => Pairs(url).Select(pair => pair[0]).Distinct();

    private static IEnumerable<string[]> Pairs(Uri? url) => url is not { IsAbsoluteUri: true, Query.Length: > 1 }
        ? []
        : url.Query[1..].Split(Ends).Select(pair => pair.Split('=', 2)).Where(pair => pair.Length > 1);
}

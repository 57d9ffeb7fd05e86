using Dlt.Internal;

namespace Dlt.Sources.Rest;

/// <summary>Addresses of an API.</summary>
internal static class RestUrl
{
    /// <summary>Returns the address of a path below another address. A path that is a whole URL stays as it is.</summary>
    public static string Join(string baseUrl, string path)
    {
        if (IsAbsolute(path)) return path;
        return path.Length == 0 ? baseUrl : $"{baseUrl.TrimEnd('/')}/{path.TrimStart('/')}";
    }

    /// <summary>Returns whether a text is a whole URL.</summary>
    public static bool IsAbsolute(string text) =>
        text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses an address.</summary>
    /// <exception cref="DltException">The text is no address of http or https.</exception>
    public static Uri Parse(string url)
    {
        if (IsAbsolute(url) && Uri.TryCreate(url, UriKind.Absolute, out var parsed)) return parsed;
        throw new DltException(
            $"'{SafeUrl.Of(url)}' is not an address of an API: it does not begin with https:// or http:// and a host. "
            + "Nothing of this run was loaded, and the state is as before. Write the whole address into client.base_url.");
    }

    /// <summary>Resolves an address that may be relative, with or without a path, against the one that it was found at.</summary>
    /// <exception cref="DltException">The text is no address.</exception>
    public static Uri Resolve(Uri at, string reference, string what)
    {
        if (Uri.TryCreate(at, reference, out var resolved) && resolved.Scheme is "http" or "https") return resolved;
        throw new DltException(
            $"{what} is '{SafeUrl.Of(reference)}', which is not an address. "
            + "Nothing of this run was loaded, and the state is as before. Check the path of the next page in the paginator.");
    }

    /// <summary>
    /// Returns a link of a page. Servers behind a proxy that does the encryption link to http although they were asked by https. Such a
    /// link to the same host is followed by https.
    /// </summary>
    public static Uri WithoutDowngrade(Uri at, Uri link)
    {
        var isDowngrade = at.Scheme == "https" && link.Scheme == "http" && at.IsDefaultPort && link.IsDefaultPort
            && at.Host.Equals(link.Host, StringComparison.OrdinalIgnoreCase);
        return isDowngrade ? new UriBuilder(link) { Scheme = "https", Port = -1 }.Uri : link;
    }

    /// <summary>
    /// Returns whether credentials for one address may be sent to another: the host, the port and the scheme are the same, or only the
    /// scheme changes from http to https at the usual ports.
    /// </summary>
    public static bool SharesCredentials(Uri home, Uri other)
    {
        if (!home.Host.Equals(other.Host, StringComparison.OrdinalIgnoreCase)) return false;
        if (home.Scheme == other.Scheme) return home.Port == other.Port;
        return home.Scheme == "http" && other.Scheme == "https" && home.IsDefaultPort && other.IsDefaultPort;
    }

    /// <summary>Returns an address for messages: with its query, but without the values of parameters that may be secrets.</summary>
    public static string Shown(Uri url, Func<string, string, bool> isSecret)
    {
        var plain = SafeUrl.Of(url.GetLeftPart(UriPartial.Path));
        if (url.Query.Length < 2) return plain;
        var pairs = url.Query[1..].Split('&').Select(pair =>
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) return pair;
            var (name, value) = (pair[..equals], pair[(equals + 1)..]);
            return isSecret(Uri.UnescapeDataString(name), Uri.UnescapeDataString(value)) ? name + "=…" : pair;
        });
        return $"{plain}?{string.Join('&', pairs)}";
    }
}

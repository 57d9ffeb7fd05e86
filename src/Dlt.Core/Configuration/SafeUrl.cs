using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>
/// Removes user, password, query and fragment from URLs for messages, logs and exceptions, because they may contain secrets.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SafeUrl
{
    private const string Hidden = "…";

    /// <summary>Returns the URL with <c>…</c> in place of its secrets. A text that is not a URL is returned unchanged.</summary>
    public static string Of(Uri url) => Of(url.OriginalString);

    /// <inheritdoc cref="Of(Uri)"/>
    public static string Of(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return text;
        var end = text.AsSpan(scheme + 3).IndexOfAny("?#") is var query and >= 0 ? scheme + 3 + query : text.Length;
        var host = text.AsSpan(scheme + 3, end - scheme - 3);
        var path = host.IndexOfAny("/\\") is var slash and >= 0 ? slash : host.Length;
        var user = host[..path].LastIndexOf('@');
        return string.Concat(text.AsSpan(0, scheme + 3), user < 0 ? "" : Hidden + "@", host[(user + 1)..],
            end == text.Length ? "" : text.AsSpan(end, 1).ToString() + Hidden);
    }
}

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
        var rest = text.AsSpan(scheme + 3);
        var host = HostStart(rest);
        var shown = rest[host..];
        var end = shown.IndexOfAny("?#");
        var user = host == 0 ? "" : shown.IsEmpty ? Hidden : Hidden + "@";
        var query = end < 0 ? "" : shown[end] + Hidden;
        return string.Concat(text.AsSpan(0, scheme + 3), user, end < 0 ? shown : shown[..end], query);
    }

    /// <summary>
    /// Finds the host. A password that is not encoded may contain <c>/</c>, <c>?</c>, <c>#</c> and <c>@</c>: a colon that no port follows
    /// begins one, and the last <c>@</c> ends it. Where several hosts are possible, the last one is taken, so no password is shown.
    /// </summary>
    /// <param name="rest">The URL without its scheme.</param>
    /// <returns>0 when there is no user; the length when a password has no end.</returns>
    private static int HostStart(ReadOnlySpan<char> rest)
    {
        var first = Until(rest, "/\\?#");
        if (HasPassword(first)) return rest.LastIndexOf('@') is var last and >= 0 ? last + 1 : rest.Length;
        var path = Until(rest, "?#");
        var inPath = path.LastIndexOf('@');
        return (inPath >= 0 && path[..inPath].Contains(':') ? inPath : first.LastIndexOf('@')) + 1;
    }

    private static ReadOnlySpan<char> Until(ReadOnlySpan<char> text, string ends) =>
        text.IndexOfAny(ends) is var end and >= 0 ? text[..end] : text;

    /// <summary>True when a colon begins a password, not a port, and the password contains a delimiter: <c>user:pw</c>.</summary>
    private static bool HasPassword(ReadOnlySpan<char> first)
    {
        if (first.Contains('@') || first.StartsWith('[')) return false;   // [::1]:80
        return first.IndexOf(':') is var colon and >= 0 && first[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}

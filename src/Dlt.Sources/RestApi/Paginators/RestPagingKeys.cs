using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Finds keys of paging in an answer. Objects are searched depth first, lists are not searched.</summary>
internal static class RestPagingKeys
{
    private static readonly string[] TotalPages = ["total_pages", "pages", "totalpages"];
    private static readonly string[] Flags = ["has_more", "hasmore", "has_next", "hasnext", "has_next_page", "hasnextpage", "more"];
    private static readonly string[] LastFlags = ["is_last", "islast", "is_last_page", "islastpage", "last_page_reached"];

    /// <summary>Names of cursors that do not begin with <c>next</c>. They count only as texts: an <c>offset</c> may be a number.</summary>
    private static readonly string[] Cursors =
    [
        "cursor", "end_cursor", "endcursor", "after", "offset", "continuation", "continuation_token", "continuationtoken", "page_token",
        "pagetoken", "scroll_id", "_scroll_id", "bookmark", "marker", "last_evaluated_key", "lastevaluatedkey",
    ];

    private static readonly string[] Totals = ["total", "total_count", "totalcount", "total_results", "totalresults"];

    /// <summary>Finds the address of the next page: a key that begins with <c>next</c>, or <c>href</c> or <c>url</c> below it.</summary>
    public static CursorPath? FindLink(JsonValue body) => Find(body, [], (name, value) => !IsNext(name) ? null : value.Kind switch
    {
        JsonKind.String when IsAddress(value.AsString()) => [name],
        JsonKind.Object when LinkIn(value) is { } inner => [name, inner],
        _ => null,
    });

    /// <summary>Finds the number of pages.</summary>
    public static CursorPath? FindTotalPages(JsonValue body) => Find(body, [], (name, value) =>
        TotalPages.Contains(name, StringComparer.OrdinalIgnoreCase) && IsInteger(value) ? [name] : null);

    /// <summary>Finds a cursor: a key that begins with <c>next</c> and has a text or a number.</summary>
    public static CursorPath? FindCursor(JsonValue body) => Find(body, [], (name, value) =>
        IsNext(name) && value.Kind is JsonKind.String or JsonKind.Integer && !RestCursorPaging.IsEmpty(value) ? [name] : null);

    /// <summary>Returns what says that the answer is not all there is, as the beginning of a sentence; null for nothing.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="count">Number of records that it has.</param>
    public static string? FindMore(JsonValue body, int count)
    {
        string? sign = null;
        Find(body, [], (name, value) =>
        {
            if (value.Kind == JsonKind.True && (IsNext(name) || Flags.Contains(name, StringComparer.OrdinalIgnoreCase)))
                sign = $"'{name}' is true";
            else if (Totals.Contains(name, StringComparer.OrdinalIgnoreCase) && value.TryGetInt64(out var total) && total > count)
                sign = FormattableString.Invariant($"'{name}' is {total}, and the page has {count} records");
            else if (HasCursor(name, value, isPage: count > 1))
                sign = $"'{name}' has a value";
            else if (value.Kind == JsonKind.False && LastFlags.Contains(name, StringComparer.OrdinalIgnoreCase))
                sign = $"'{name}' is false";
            return sign is null ? null : [name];
        });
        return sign;
    }

    private static CursorPath? Find(JsonValue value, string[] names, Func<string, JsonValue, string[]?> match)
    {
        if (value.Kind != JsonKind.Object) return null;
        foreach (var (name, member) in value.Members)
        {
            if (match(name, member) is { } found) return CursorPath.Of([.. names, .. found]);
            if (Find(member, [.. names, name], match) is { } inner) return inner;
        }

        return null;
    }

    /// <summary>Returns whether a name says "next", also behind the prefix of a vocabulary: <c>@odata.nextLink</c>.</summary>
    private static bool IsNext(string name) => Local(name).StartsWith("next", StringComparison.OrdinalIgnoreCase);

    private static string Local(string name) => name[(name.LastIndexOfAny(['.', ':']) + 1)..];

    /// <summary>Returns whether a value may lead to the next page. In a single record, names without "next" are plain fields.</summary>
    private static bool HasCursor(string name, JsonValue value, bool isPage) => value.Kind switch
    {
        JsonKind.String => value.AsString().Length > 0
            && (IsNext(name) || (isPage && Cursors.Contains(name, StringComparer.OrdinalIgnoreCase))),
        JsonKind.Integer => IsNext(name) && !RestCursorPaging.IsEmpty(value),
        JsonKind.Object => isPage && IsNext(name) && value.Members.Any(m => m.Value.Kind is JsonKind.String or JsonKind.Integer),
        _ => false,
    };

    private static string? LinkIn(JsonValue value) => value.Members
        .Where(m => m.Key.ToUpperInvariant() is "HREF" or "URL" && m.Value.Kind == JsonKind.String && IsAddress(m.Value.AsString()))
        .Select(m => m.Key)
        .FirstOrDefault();

    private static bool IsAddress(string text)
    {
        if (RestUrl.IsAbsolute(text) || text.StartsWith('/') || text.StartsWith('?')) return true;
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        return mark > 0 && text.IndexOf('=', mark) > 0;
    }

    private static bool IsInteger(JsonValue value) =>
        value.Kind == JsonKind.Integer || (value.Kind == JsonKind.String && long.TryParse(value.AsString(), out _));
}

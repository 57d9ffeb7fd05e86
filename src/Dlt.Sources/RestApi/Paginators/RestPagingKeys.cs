using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Finds keys of paging in an answer. Objects are searched depth first, lists are not searched.</summary>
internal static class RestPagingKeys
{
    private static readonly string[] TotalPages = ["total_pages", "pages", "totalpages"];
    private static readonly string[] Flags = ["has_more", "hasmore", "has_next", "hasnext", "has_next_page", "hasnextpage", "more"];
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
            else if (IsNext(name) && value.Kind is JsonKind.String or JsonKind.Integer && !RestCursorPaging.IsEmpty(value))
                sign = $"'{name}' has a value";
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

    private static bool IsNext(string name) => name.StartsWith("next", StringComparison.OrdinalIgnoreCase);

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

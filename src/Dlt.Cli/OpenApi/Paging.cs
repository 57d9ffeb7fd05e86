using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Dlt.Cli.OpenApi;

/// <summary>Guesses how a list pages, from the names of parameters and of fields of the answer.</summary>
internal static class Paging
{
    private const int LargestPage = 1000;
    private const int UsualPage = 100;

    private static readonly string[] Cursors =
    [
        "cursor", "after", "page_token", "next_token", "continuation_token", "continuation", "next_cursor", "page_cursor", "marker",
        "scroll_id", "bookmark", "starting_after",
    ];

    private static readonly string[] NextCursors =
    [
        "next_cursor", "next_page_token", "next_token", "end_cursor", "continuation_token", "next_continuation_token", "next_marker",
        "next_page_cursor", "scroll_id", "bookmark", "next", "after", "cursor", "continuation", "marker",
    ];

    private static readonly string[] Pages = ["page", "page_number", "page_index", "page_no", "pagenumber", "current_page", "p"];
    private static readonly string[] Offsets = ["offset", "skip", "start", "start_at", "start_index", "startat"];

    private static readonly string[] Limits =
        ["limit", "per_page", "page_size", "pagesize", "size", "count", "take", "top", "max_results", "page_limit", "perpage"];

    private static readonly string[] NextLinks = ["next", "next_url", "next_link", "next_page_url", "odata_next_link", "href", "url"];
    private static readonly string[] TotalPages = ["total_pages", "pages", "page_count", "last_page", "totalpages", "num_pages"];
    private static readonly string[] Totals = ["total", "total_count", "totalcount", "total_results", "total_items", "totalresults"];
    private static readonly string[] Flags = ["has_more", "has_next", "has_next_page", "hasmore", "more"];

    /// <summary>Adds paginator and the size of pages to a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="parameters">Parameters of its query.</param>
    /// <param name="answer">Schema of its answer.</param>
    /// <param name="headers">Names of the headers of its answer.</param>
    public static ApiResource Guess(
        ApiResource resource, IReadOnlyList<IOpenApiParameter> parameters, IOpenApiSchema answer, IEnumerable<string> headers)
    {
        var fields = Schemas.Envelope(answer, resource.Template).ToList();
        var limit = Find(parameters, Limits);
        var size = limit is null ? null : SizeOf(limit);
        if (headers.Contains("Link", StringComparer.OrdinalIgnoreCase)) return Sized("new RestPaginator.HeaderLink()");
        if (NextLink(fields) is { } link) return Sized($"new RestPaginator.JsonLink({Names.Literal(link)})");
        if (Find(parameters, Cursors) is { } cursor)
        {
            var path = NextCursors.Select(n => PathOf(fields, [n])).FirstOrDefault(p => p is not null);
            if (path is null && resource.Record.Key is { } key && Names.Snake(cursor.Name!) == "starting_after")
                path = (resource.Selector is null ? "[-1]" : resource.Selector + "[-1]") + "." + key;
            if (path is not null)
                return Sized($"new RestPaginator.Cursor({Names.Literal(path)}) {{ CursorParam = {Names.Literal(cursor.Name!)}{More()} }}");
            return Noted($"Fill in: parameter '{cursor.Name}' gets a cursor, but no field of the answer is one. "
                + "Paginator = new RestPaginator.Cursor(\"path.of.the.cursor\").");
        }

        if (Find(parameters, Pages) is { } page)
        {
            var first = Number(page.Schema?.Default) ?? Number(page.Schema?.Minimum);
            var noted = first is 0 or 1 ? resource
                : resource with { Notes = resource.Notes.Add("Check: the document does not say whether pages count from 0 or 1.") };
            return Sized($"new RestPaginator.PageNumber {{ BasePage = {(first == 0 ? 0 : 1)}, PageParam = {Names.Literal(page.Name!)}, "
                + $"TotalPath = {Optional(PathOf(fields, TotalPages))}{More()} }}", noted);
        }

        if (Find(parameters, Offsets) is { } offset)
        {
            if (limit is null)
            {
                return Noted($"Fill in: parameter '{offset.Name}' is an offset, but no parameter has the size of pages. "
                    + "Paginator = new RestPaginator.Offset(100) { LimitParam = \"…\" }.");
            }

            return resource with
            {
                Paginator = $"new RestPaginator.Offset({size ?? UsualPage}) {{ OffsetParam = {Names.Literal(offset.Name!)}, "
                    + $"LimitParam = {Names.Literal(limit.Name!)}, TotalPath = {Optional(PathOf(fields, Totals))}{More()} }}",
            };
        }

        return resource;

        string More() => PathOf(fields, Flags) is { } flag ? $", HasMorePath = {Names.Literal(flag)}" : "";

        ApiResource Noted(string note) => resource with { Notes = resource.Notes.Add(note) };

        ApiResource Sized(string paginator, ApiResource? of = null)
        {
            var sized = (of ?? resource) with { Paginator = paginator };
            if (limit is null || size is null || sized.Params.Any(p => p.Name == limit.Name)) return sized;
            return sized with { Params = sized.Params.Add((limit.Name!, size.Value.ToString(CultureInfo.InvariantCulture))) };
        }
    }

    /// <summary>True for a parameter that the paginator sets.</summary>
    public static bool IsOfPaging(IOpenApiParameter parameter) =>
        new[] { Cursors, Pages, Offsets, Limits }.Any(names => Matches(parameter, names));

    private static IOpenApiParameter? Find(IEnumerable<IOpenApiParameter> parameters, string[] names) =>
        parameters.FirstOrDefault(p => Matches(p, names));

    /// <summary>Compares a name, also in brackets of <c>page[…]</c>: <c>page[after]</c> is <c>after</c>.</summary>
    private static bool Matches(IOpenApiParameter parameter, string[] names)
    {
        var name = Names.Snake(parameter.Name ?? "");
        return names.Contains(name) || (name.StartsWith("page_", StringComparison.Ordinal) && names.Contains(name[5..]));
    }

    private static string? NextLink(List<(string Path, string Name, IOpenApiSchema Schema)> fields)
    {
        var links = fields.Where(f => f.Path.Split('.').Any(n => Names.Snake(n.Trim('\'')).Contains("next", StringComparison.Ordinal))
            && (NextLinks.Contains(Names.Snake(f.Name)) || Names.Snake(f.Name).EndsWith("next_link", StringComparison.Ordinal)));
        return links.Where(l => Names.Snake(l.Name) != "next" || IsBelowLinks(l.Path)
                || l.Schema.Format is "uri" or "url" or "uri-reference")
            .Select(l => l.Path)
            .FirstOrDefault();
    }

    private static bool IsBelowLinks(string path) => path.StartsWith("links.", StringComparison.OrdinalIgnoreCase)
        || path.StartsWith("_links.", StringComparison.OrdinalIgnoreCase);

    private static string? PathOf(IEnumerable<(string Path, string Name, IOpenApiSchema Schema)> fields, string[] names) =>
        fields.Where(f => names.Contains(Names.Snake(f.Name))).Select(f => f.Path).FirstOrDefault();

    private static int? SizeOf(IOpenApiParameter limit) => Number(limit.Schema?.Maximum) is { } largest
        ? (int)Math.Clamp(largest, 1, LargestPage)
        : (int?)Number(limit.Schema?.Default);

    private static long? Number(JsonNode? value) => Number(value?.ToJsonString());

    private static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Optional(string? path) => path is null ? "null" : Names.Literal(path);
}

using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Reads a paginator: the word of its type, or an object.</summary>
internal static class RestPaginatorReader
{
    private static readonly Dictionary<string, Func<DocumentNode, RestPaginator>> Types = new()
    {
        ["auto"] = Auto,
        ["single_page"] = SinglePage,
        ["json_link"] = JsonLink,
        ["json_response"] = JsonLink,
        ["header_link"] = node => new RestPaginator.HeaderLink(Only(node, "links_next_key")["links_next_key"]?.Text() ?? "next"),
        ["header_cursor"] = node => new RestPaginator.HeaderCursor(
            Only(node, "cursor_key", "cursor_param")["cursor_key"]?.Text() ?? "next", node["cursor_param"]?.Text() ?? "cursor"),
        ["cursor"] = Cursor,
        ["offset"] = Offset,
        ["page_number"] = PageNumber,
    };

    /// <exception cref="ConfigurationException">The value is not a paginator.</exception>
    public static RestPaginator Read(DocumentNode node)
    {
        if (!node.IsText) return node.Object().Required("type").Word(Types)(node);
        var empty = node with { Value = JsonValue.EmptyObject };
        return node.Word(Types)(empty);
    }

    private static RestPaginator.Auto Auto(DocumentNode node)
    {
        Only(node);
        return new();
    }

    private static RestPaginator.SinglePage SinglePage(DocumentNode node)
    {
        Only(node);
        return new();
    }

    private static RestPaginator.JsonLink JsonLink(DocumentNode node) =>
        new(Only(node, "next_url_path")["next_url_path"]?.Text() ?? "next");

    private static RestPaginator.Cursor Cursor(DocumentNode node)
    {
        Only(node, "cursor_path", "cursor_param", "cursor_body_path", "stop_after_empty_page", "has_more_path");
        return new(node["cursor_path"]?.Text() ?? "cursors.next")
        {
            CursorParam = node["cursor_param"]?.Text(),
            CursorBodyPath = node["cursor_body_path"]?.Text(),
            StopAfterEmptyPage = node["stop_after_empty_page"]?.Bool() ?? false,
            HasMorePath = node["has_more_path"]?.Text(),
        };
    }

    private static RestPaginator.Offset Offset(DocumentNode node)
    {
        Only(
            node, "limit", "offset", "offset_param", "offset_body_path", "limit_param", "limit_body_path", "total_path", "maximum_offset",
            "stop_after_empty_page", "has_more_path");
        return new(node.Required("limit").Int())
        {
            Start = node["offset"]?.Int() ?? 0,
            OffsetParam = node["offset_param"]?.Text(),
            OffsetBodyPath = node["offset_body_path"]?.Text(),
            LimitParam = node["limit_param"]?.Text(),
            LimitBodyPath = node["limit_body_path"]?.Text(),
            TotalPath = Total(node),
            MaximumOffset = node["maximum_offset"]?.Int(),
            StopAfterEmptyPage = node["stop_after_empty_page"]?.Bool() ?? true,
            HasMorePath = node["has_more_path"]?.Text(),
        };
    }

    private static RestPaginator.PageNumber PageNumber(DocumentNode node)
    {
        Only(
            node, "base_page", "page", "page_param", "page_body_path", "total_path", "maximum_page", "stop_after_empty_page",
            "has_more_path");
        return new()
        {
            BasePage = node["base_page"]?.Int() ?? 0,
            Page = node["page"]?.Int(),
            PageParam = node["page_param"]?.Text(),
            PageBodyPath = node["page_body_path"]?.Text(),
            TotalPath = Total(node),
            MaximumPage = node["maximum_page"]?.Int(),
            StopAfterEmptyPage = node["stop_after_empty_page"]?.Bool() ?? true,
            HasMorePath = node["has_more_path"]?.Text(),
        };
    }

    /// <summary>The path of the total: <c>total</c> unless it is set; null means that there is none.</summary>
    private static string? Total(DocumentNode node) => node.Has("total_path") ? node["total_path"]?.Text() : "total";

    private static DocumentNode Only(DocumentNode node, params string[] keys) => node.Object(["type", .. keys]);
}

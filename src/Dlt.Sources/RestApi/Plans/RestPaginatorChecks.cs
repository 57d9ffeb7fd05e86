using Dlt.Documents;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Checks what a paginator needs.</summary>
internal static class RestPaginatorChecks
{
    /// <exception cref="ConfigurationException">The paginator cannot work.</exception>
    public static void Check(RestPaginator? paginator, string place, DocumentOrigin errors)
    {
        switch (paginator)
        {
            case RestPaginator.JsonLink link:
                Path(link.NextUrlPath, "next_url_path");
                break;
            case RestPaginator.Cursor cursor:
                OneOf(cursor.CursorParam, "cursor_param", cursor.CursorBodyPath, "cursor_body_path");
                Path(cursor.CursorPath, "cursor_path");
                Path(cursor.HasMorePath, "has_more_path");
                break;
            case RestPaginator.Offset offset:
                if (offset.Limit < 1) throw errors.Error($"{place}.limit", $"is {offset.Limit}. Use 1 or more.");
                OneOf(offset.OffsetParam, "offset_param", offset.OffsetBodyPath, "offset_body_path");
                OneOf(offset.LimitParam, "limit_param", offset.LimitBodyPath, "limit_body_path");
                Ends(offset.TotalPath ?? offset.HasMorePath, offset.MaximumOffset, offset.StopAfterEmptyPage, "maximum_offset");
                Path(offset.TotalPath, "total_path");
                Path(offset.HasMorePath, "has_more_path");
                break;
            case RestPaginator.PageNumber page:
                OneOf(page.PageParam, "page_param", page.PageBodyPath, "page_body_path");
                Ends(page.TotalPath ?? page.HasMorePath, page.MaximumPage, page.StopAfterEmptyPage, "maximum_page");
                Path(page.TotalPath, "total_path");
                Path(page.HasMorePath, "has_more_path");
                break;
        }

        void Path(string? path, string key)
        {
            if (path is not null && CursorPath.TryParse(path, out var problem) is null)
                throw errors.Error($"{place}.{key}", $"is '{path}', in which {problem}.");
        }

        void OneOf(string? param, string paramKey, string? body, string bodyKey)
        {
            if (param is not null && body is not null)
                throw errors.Error(place, $"has both '{paramKey}' and '{bodyKey}'. Leave one of them out.");
        }

        void Ends(string? path, int? maximum, bool stopsAfterEmptyPage, string maximumKey)
        {
            if (path is null && maximum is null && !stopsAfterEmptyPage)
            {
                throw errors.Error(
                    place, $"never ends: set one of 'total_path', '{maximumKey}', 'has_more_path' and 'stop_after_empty_page'.");
            }
        }
    }
}

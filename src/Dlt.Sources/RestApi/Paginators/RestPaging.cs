using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Finds the next page of one series.</summary>
internal abstract class RestPaging
{
    /// <summary>
    /// True when the number of pages has a limit that the configuration names, so that equal pages cannot go on for ever.
    /// </summary>
    public virtual bool HasMaximum => false;

    /// <summary>True when the last page has the records of an earlier one and must not be loaded again.</summary>
    public virtual bool IsRepeated => false;

    /// <summary>What the paginator is, for errors: <c>the paginator 'cursor' (cursor_path 'next')</c>.</summary>
    public abstract string Title { get; }

    /// <summary>Changes the first request.</summary>
    public virtual void Begin(RestRequest request)
    {
    }

    /// <summary>Reads a page and changes the request into that for the next one.</summary>
    /// <returns>False when the page was the last one.</returns>
    public abstract bool Next(RestPage page, RestRequest request);

    /// <summary>Creates the paging of a series.</summary>
    public static RestPaging Create(RestResourcePlan plan, Action<string> warn, Action<RestDetected> detected) => plan.Paginator switch
    {
        RestPaginator.Auto when plan.IsSingleEntity => new RestSinglePaging(),
        RestPaginator.Auto => new RestAutoPaging(plan, warn, detected),
        RestPaginator.SinglePage => new RestSinglePaging(),
        RestPaginator.JsonLink link => new RestJsonLinkPaging(Path(link.NextUrlPath)),
        RestPaginator.HeaderLink link => new RestHeaderLinkPaging(link.LinksNextKey),
        RestPaginator.HeaderCursor cursor => new RestHeaderCursorPaging(cursor),
        RestPaginator.Cursor cursor => new RestCursorPaging(cursor),
        RestPaginator.Offset offset => new RestRangePaging(RestRange.Of(offset), warn),
        RestPaginator.PageNumber number => new RestRangePaging(RestRange.Of(number), warn),
        RestPaginator.Custom custom => new RestCustomPaging(custom.Create()),
        _ => throw new InvalidOperationException($"The paginator {plan.Paginator} is unknown."),
    };

    /// <summary>Parses a path of the configuration, which was checked before.</summary>
    internal static CursorPath Path(string path) => CursorPath.Parse(path);
}

/// <summary>One request.</summary>
internal sealed class RestSinglePaging : RestPaging
{
    /// <inheritdoc/>
    public override string Title => "the paginator 'single_page'";

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request) => false;
}

/// <summary>A paginator of the program.</summary>
internal sealed class RestCustomPaging(RestPages pages) : RestPaging
{
    /// <inheritdoc/>
    public override string Title => $"the paginator {pages.GetType().Name}";

    /// <inheritdoc/>
    public override void Begin(RestRequest request) => pages.Begin(request);

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request) => pages.Next(page.Answer, page.Records.Values, request);
}

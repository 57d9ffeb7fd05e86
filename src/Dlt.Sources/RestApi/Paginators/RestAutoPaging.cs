namespace Dlt.Sources.Rest;

/// <summary>Finds out from the first answer how an endpoint pages (dlt documentation, REST API source, Pagination).</summary>
/// <param name="plan">The resource.</param>
/// <param name="warn">Gets what a user should know.</param>
/// <param name="detected">Gets what was found.</param>
internal sealed class RestAutoPaging(RestResourcePlan plan, Action<string> warn, Action<RestDetected> detected) : RestPaging
{
    private RestPaging? _found;
    private RestRecords? _first;   // while the number of the first page is a guess
    private bool _isRepeated;

    /// <inheritdoc/>
    public override bool IsRepeated => _isRepeated;

    /// <inheritdoc/>
    public override string Title => _found is null or RestSinglePaging ? "the paginator" : _found.Title + ", which was guessed";

    /// <inheritdoc/>
    public override bool Next(RestPage page, RestRequest request)
    {
        if (_found is null) _found = Detect(page);
        else CompareWithFirst(page);
        return _found.Next(page, request);
    }

    private RestPaging Detect(RestPage page)
    {
        if (RestLinks.Find(page.Answer.Headers, "next") is not null)
            return Found(new RestHeaderLinkPaging("next"), "header_link", "next");
        var body = page.Records.Envelope;
        if (RestPagingKeys.FindLink(body) is { } link) return Found(new RestJsonLinkPaging(link), "json_link", link.Text);

        // A field of a single record, such as the pages of a book, says nothing about paging.
        var mayPage = page.Records.AreList || page.Count > 1 || plan.DataSelector is not null;
        if (mayPage && plan.Method == "GET")
        {
            if (RestPagingKeys.FindTotalPages(body) is { } pages)
            {
                _first = page.Records;
                var range = RestRange.Of(new RestPaginator.PageNumber { TotalPath = pages.Text });
                return Guessed(new RestRangePaging(range, warn), "page_number", pages.Text);
            }

            if (RestPagingKeys.FindCursor(body) is { } cursor)
                return Guessed(new RestCursorPaging(new(cursor.Text)), "cursor", cursor.Text);
        }

        if (mayPage && RestPagingKeys.FindMore(body, page.Count) is { } sign)
        {
            warn($"{sign}, but how the API pages was not recognized, so only the first page is loaded. "
                + "Give the endpoint a paginator; 'single_page' if one page is all.");
        }

        return Found(new RestSinglePaging(), "single_page", null);
    }

    private RestPaging Found(RestPaging paging, string type, string? key)
    {
        detected(new(plan.Name, null, type, key));
        return paging;
    }

    private RestPaging Guessed(RestPaging paging, string type, string key)
    {
        warn($"The paginator '{type}' is a guess from the key '{key}' of the first answer. Write it into the endpoint, "
            + "or 'single_page' if there are no more pages.");
        return Found(paging, type, key);
    }

    /// <summary>An API that counts pages from 1 answers the request for page 1 with what it gave without a number.</summary>
    private void CompareWithFirst(RestPage page)
    {
        _isRepeated = _first is not null && page.Count > 0 && page.Records.AreSameAs(_first);
        if (_isRepeated) ((RestRangePaging)_found!).CountFrom(1);
        _first = null;
    }
}

namespace Dlt.Sources.Rest;

/// <summary>Reads the answers of one series: selects the records, and changes the request into that for the next page.</summary>
internal sealed class RestPageReader
{
    private readonly RestRun _run;
    private readonly RestResourcePlan _plan;
    private readonly RestRequest _request;
    private readonly RestSelection _selection;
    private readonly RestPaging _paging;
    private readonly RestPageGuard _guard = new();

    /// <param name="run">The run of the API.</param>
    /// <param name="plan">The resource.</param>
    /// <param name="request">The first request. The paginator may change it.</param>
    public RestPageReader(RestRun run, RestResourcePlan plan, RestRequest request)
    {
        (_run, _plan, _request) = (run, plan, request);
        _selection = new(plan.DataSelector, request.Url, Warn);
        _paging = RestPaging.Create(plan, Warn, run.Report);
        _paging.Begin(request);
    }

    /// <summary>Place of a page, for errors.</summary>
    public static string Place(RestResourcePlan plan, int number) => FormattableString.Invariant($"Resource '{plan.Name}', page {number}");

    /// <summary>Checks that the request was not sent before.</summary>
    /// <exception cref="DltException">The pages would not end.</exception>
    public void CheckRequest(int number) => Located(number, () => _guard.Check(_request, _paging));

    /// <summary>Reads an answer.</summary>
    /// <returns>The records, null when they were read before; and whether there is a next page.</returns>
    public (RestRecords? Records, bool HasNext) Read(RestExchange exchange, int number)
    {
        var page = new RestPage(exchange.Answer, exchange.Url, Select(exchange));
        if (_selection.Detected is { } detected) _run.Report(new(_plan.Name, detected));
        var hasNext = false;
        Located(number, () =>
        {
            hasNext = _paging.Next(page, _request);
            if (hasNext) _guard.Check(page.Records, _paging);
        });
        return (_paging.IsRepeated ? null : page.Records, hasNext);
    }

    private RestRecords Select(RestExchange exchange)
    {
        try
        {
            var records = RestRecords.Of(exchange.Answer, _selection);
            if (records.Count == 0) RestGraphErrors.Check(records.Envelope, exchange);
            return records;
        }
        catch (JsonFormatException error)
        {
            throw RestErrors.NotJson(exchange.Call, exchange.Answer, exchange.MediaType, error);
        }
    }

    private void Warn(string text) => _run.Warn(_plan.Name, text);

    /// <summary>Adds the place to errors that do not know it.</summary>
    private void Located(int number, Action read)
    {
        try
        {
            read();
        }
        catch (DltException error) when (error is not ApiException)
        {
            throw new DltException($"{Place(_plan, number)}: {error.Message}", error);
        }
    }
}

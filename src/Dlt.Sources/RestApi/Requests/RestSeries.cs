using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Items;

namespace Dlt.Sources.Rest;

/// <summary>Reads the pages of one resource in one run: one series, or one for each record of the parent.</summary>
internal sealed class RestSeries
{
    private readonly RestRun _run;
    private readonly RestResourcePlan _plan;
    private readonly ResourceContext _context;
    private readonly RestClient _client;
    private readonly RestRequestBuilder _requests;
    private readonly bool _needsValues;

    private RestSeries(RestRun run, RestResourcePlan plan, ResourceContext context)
    {
        (_run, _plan, _context) = (run, plan, context);
        _client = new(run, plan);
        _requests = new(run, plan);
        _needsValues = context.FeedsOthers || plan.ProcessingSteps.Length > 0 || plan.IncludeFromParent.Length > 0;
    }

    /// <summary>Returns the reader of a resource in the run of its context.</summary>
    public static RestSeries Of(RestPlan plan, RestResourcePlan resource, ResourceContext context)
    {
        var run = RestRun.Of(plan, context);
        return run.SeriesOf(resource, () => new(run, resource, context));
    }

    /// <summary>Reads the pages for a record of the parent.</summary>
    /// <param name="parent">Record of the parent; null for a resource without one.</param>
    /// <param name="cancellationToken">Cancels requests and waits.</param>
    /// <returns>Pages of records; pages without records are left out.</returns>
    public async IAsyncEnumerable<object?> ReadAsync(object? parent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var record = _plan.Parent is null ? null : RestRecordValue.Of(parent);
        var values = new RestValues(_plan, record, _context);
        var included = values.Included();
        if (_requests.Build(values) is not { } request) yield break;
        var selection = new RestSelection(_plan.DataSelector, request.Url, Warn);
        var paging = RestPaging.Create(_plan, Warn, _run.Report);
        var guard = new RestPageGuard();
        var changes = new RestChanges(_plan, _context, request);
        using var journal = RestJournal.Open(_plan, _context);
        paging.Begin(request);
        for (var number = 1; ; number++)
        {
            guard.Check(request, paging);
            var place = Place(number);
            var exchange = journal?.Find(request);
            if (exchange is null)
            {
                exchange = await _client.SendAsync(request, place, changes.Known, cancellationToken).ConfigureAwait(false);
                if (exchange is { IsUnchanged: false }) journal?.Add(request, exchange);
            }

            if (exchange is null or { IsEmpty: true }) break;
            if (exchange.IsUnchanged)
            {
                yield return UnchangedTable.Instance;
                yield break;
            }

            var (items, hasNext) = ReadPage(exchange, selection, paging, guard, request, place, included);
            changes.Seen(exchange, number);
            if (items is not null) yield return items;
            if (!hasNext) break;
        }

        changes.Keep();
        journal?.Complete();
    }

    private (object? Items, bool HasNext) ReadPage(
        RestExchange exchange, RestSelection selection, RestPaging paging, RestPageGuard guard, RestRequest request, string place,
        IReadOnlyList<KeyValuePair<string, JsonValue>> included)
    {
        var page = new RestPage(exchange.Answer, exchange.Url, Select(exchange, selection));
        if (selection.Detected is { } detected) _run.Report(new(_plan.Name, detected));
        var hasNext = Located(place, () => paging.Next(page, request));
        if (hasNext) Located(place, () => guard.Check(page.Records, paging));
        return (paging.IsRepeated ? null : ItemsOf(page.Records, included), hasNext);
    }

    private RestRecords Select(RestExchange exchange, RestSelection selection)
    {
        try
        {
            var records = RestRecords.Of(exchange.Answer, selection);
            if (records.Count == 0) RestGraphErrors.Check(records.Envelope, exchange);
            return records;
        }
        catch (JsonFormatException error)
        {
            throw RestErrors.NotJson(exchange.Call, exchange.Answer, exchange.MediaType, error);
        }
    }

    /// <summary>Returns the records of a page for the pipeline; null when there are none.</summary>
    private object? ItemsOf(RestRecords records, IReadOnlyList<KeyValuePair<string, JsonValue>> included)
    {
        if (records.Count == 0) return null;
        if (!_needsValues) return records.Items;
        var changed = RestSteps.Process(RestSteps.Include(records.Values, included), _plan.ProcessingSteps).ToImmutableArray();
        return changed.Length == 0 ? null : changed;
    }

    private void Warn(string text) => _run.Warn(_plan.Name, text);

    private string Place(int number) => FormattableString.Invariant($"Resource '{_plan.Name}', page {number}");

    /// <summary>Adds the place to errors that do not know it.</summary>
    private static T Located<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DltException error) when (error is not ApiException)
        {
            throw new DltException($"{place}: {error.Message}", error);
        }
    }

    private static void Located(string place, Action check) => Located(place, () =>
    {
        check();
        return true;
    });
}

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
        var values = new RestValues(_plan, _plan.Parent is null ? null : RestRecordValue.Of(parent), _context);
        var included = values.Included();
        if (_requests.Build(values) is not { } request) yield break;
        var pages = new RestPageReader(_run, _plan, request);
        var changes = new RestChanges(_plan, _context, request);
        using var journal = RestJournal.Open(_plan, _context, cancellationToken);
        for (var number = 1; ; number++)
        {
            pages.CheckRequest(number);
            changes.Asked(number);
            var exchange = journal?.Find(request) ?? await SendAsync(request, number, changes, journal, cancellationToken)
                .ConfigureAwait(false);
            if (exchange is null or { IsEmpty: true }) break;
            if (exchange.IsUnchanged)
            {
                yield return UnchangedTable.Instance;
                yield break;
            }

            var (records, hasNext) = pages.Read(exchange, number);
            changes.Seen(exchange);
            if (records is not null && ItemsOf(records, included) is { } items)
            {
                journal?.MayEndHere();
                yield return items;
                journal?.MustGoOn();
            }

            if (!hasNext) break;
        }

        changes.Keep();
        journal?.MayEndHere();
    }

    private async Task<RestExchange?> SendAsync(
        RestRequest request, int number, RestChanges changes, RestJournal? journal, CancellationToken cancellationToken)
    {
        var exchange = await _client.SendAsync(request, RestPageReader.Place(_plan, number), changes.Known, cancellationToken)
            .ConfigureAwait(false);
        if (exchange is { IsUnchanged: false }) journal?.Add(request, exchange);
        return exchange;
    }

    /// <summary>Returns the records of a page for the pipeline; null when there are none.</summary>
    private object? ItemsOf(RestRecords records, IReadOnlyList<KeyValuePair<string, JsonValue>> included)
    {
        if (records.Count == 0) return null;
        if (!_needsValues) return records.Items;
        var changed = RestSteps.Process(RestSteps.Include(records.Values, included), _plan.ProcessingSteps).ToImmutableArray();
        return changed.Length == 0 ? null : changed;
    }
}

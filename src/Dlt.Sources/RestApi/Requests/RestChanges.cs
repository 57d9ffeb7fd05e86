using System.Globalization;

namespace Dlt.Sources.Rest;

/// <summary>
/// Asks an API for changes only, and keeps the version of its answer for the next run. Nothing conditional is sent where an answer without
/// records would lose some: for a resource whose records others need, for one of several series, and for one whose last run had several
/// pages, of which the first one says nothing about the others.
/// </summary>
internal sealed class RestChanges
{
    private const string RequestKey = "request";
    private const string VersionKey = "version";

    private readonly ResourceContext _context;
    private readonly JsonValue _request = JsonValue.Null;
    private readonly bool _isUsed;
    private RestValidators? _seen;
    private int _pages;

    /// <param name="plan">The resource.</param>
    /// <param name="context">Its context.</param>
    /// <param name="request">The first request of the series.</param>
    public RestChanges(RestResourcePlan plan, ResourceContext context, RestRequest request)
    {
        _context = context;
        _isUsed = plan.IsConditional && plan.Parent is null && !context.FeedsOthers && plan.Method == "GET" && !plan.SharesTable;
        if (!_isUsed) return;
        // A hash, because the state is stored in the destination and parameters may be secrets.
        _request = JsonValue.String(RestPrint.Of(request).ToString("x32", CultureInfo.InvariantCulture));
        var stored = context.State[ResourceState.RequestsKey];
        if (stored is { Kind: JsonKind.Object } && stored[RequestKey]?.Equals(_request) == true)
            Known = RestValidators.FromJson(stored[VersionKey]);
    }

    /// <summary>The version that the last run got; null to ask for everything.</summary>
    public RestValidators? Known { get; private set; }

    /// <summary>Notes that a page was asked for. One without an answer counts, too: it may have records in a later run.</summary>
    public void Asked(int number) => _pages = number;

    /// <summary>Notes the version of a page.</summary>
    public void Seen(RestExchange exchange)
    {
        _seen = exchange.Validators;
        Known = null;   // further pages are asked for in full
    }

    /// <summary>Keeps the version for the next run, after the last page. It is stored only if the run succeeds.</summary>
    public void Keep()
    {
        if (!_isUsed) return;
        var version = _pages == 1 && _seen is not null ? _seen.ToJson() : JsonValue.Null;
        _context.State.Update(ResourceState.RequestsKey, stored => (stored ?? JsonValue.EmptyObject)
            .With(RequestKey, _request).With(VersionKey, version));
    }
}

using System.Collections.Concurrent;
using System.Net;

namespace Dlt.Sources.Rest;

/// <summary>What the resources of an API share in one run: connections, tokens, the pace, and what was said already.</summary>
internal sealed class RestRun : IDisposable
{
    private readonly HttpMessageHandler _network;
    private readonly ConcurrentDictionary<RestAuth, Lazy<RestCredentials>> _credentials = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentDictionary<string, CookieContainer> _cookies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<RestSeries>> _series = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<object, bool> _said = [];
    private readonly ResourceContext _context;

    private RestRun(RestPlan plan, ResourceContext context)
    {
        Plan = plan;
        _context = context;
        var network = context.SourceHttp.CreatePlainNetwork();
        _network = plan.Client.Handler?.Invoke(network) ?? network;
        Pace = new(plan.Client.RateLimit, Time);
    }

    /// <summary>The API.</summary>
    public RestPlan Plan { get; }

    /// <summary>Waits until requests may begin.</summary>
    public RestPace Pace { get; }

    /// <summary>Clock of the run.</summary>
    public TimeProvider Time => _context.SourceHttp.Time;

    /// <summary>Returns what the resources of an API share in the run of a resource.</summary>
    public static RestRun Of(RestPlan plan, ResourceContext context) => context.SourceHttp.Shared(plan, () => new RestRun(plan, context));

    /// <summary>Creates a client that retries.</summary>
    /// <param name="title">What the credentials of the client are, for errors.</param>
    public HttpClient CreateClient(string title) => _context.SourceHttp.CreateClient(Plan.Name, () => [title], _network).Client;

    /// <summary>Returns the credentials of an authentication. Resources with the same authentication share its tokens.</summary>
    public RestCredentials CredentialsOf(RestAuth auth) =>
        _credentials.GetOrAdd(auth, _ => new(() => RestCredentials.Create(auth, new RestTokenClient(this).SendAsync, Time))).Value;

    /// <summary>Returns the reader of a resource, and creates it when there is none.</summary>
    public RestSeries SeriesOf(RestResourcePlan resource, Func<RestSeries> create) =>
        _series.GetOrAdd(resource.Name, _ => new(create)).Value;

    /// <summary>Returns the cookies of a resource.</summary>
    public CookieContainer CookiesOf(string resource) => _cookies.GetOrAdd(resource, _ => new());

    /// <summary>Tells the user something about a resource, once in a run.</summary>
    public void Warn(string resource, string text)
    {
        if (_said.TryAdd((resource, text), true)) _context.SourceHttp.Warn($"Resource '{resource}': {text}");
    }

    /// <summary>Reports what was found automatically, once in a run.</summary>
    public void Report(RestDetected detected)
    {
        if (_said.TryAdd(detected, true)) Plan.Client.Detected?.Invoke(detected);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}

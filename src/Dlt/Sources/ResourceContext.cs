using Dlt.Configuration;
using Dlt.Sources;
using Dlt.Sources.Http;
using Dlt.State;

namespace Dlt;

/// <summary>What a resource's generator gets: state that survives the run, configuration, HTTP.</summary>
public sealed class ResourceContext
{
    private readonly Lazy<(HttpClient Client, RetryHandler Retries)> _http;

    internal ResourceContext(
        string source, string resource, StateStore state, DltConfiguration configuration, string pipelineName, SourceHttp http)
    {
        Source = source;
        Resource = resource;
        State = new ResourceState(state, source, resource);
        SourceState = new ResourceState(state, source, null);
        Configuration = configuration;
        Settings = new(configuration, source, pipelineName: pipelineName);
        PipelineName = pipelineName;
        _http = new(() => http.CreateClient(source, () => Settings.SecretPlaces));
    }

    /// <summary>Name of the source.</summary>
    public string Source { get; }

    /// <summary>Name of the resource.</summary>
    public string Resource { get; }

    /// <summary>State of this resource; kept only when the extract step succeeds.</summary>
    public ResourceState State { get; }

    /// <summary>State that the resources of the source share.</summary>
    public ResourceState SourceState { get; }

    /// <summary>The resource's incremental cursor; null when its hints have none.</summary>
    public IncrementalCursor? Cursor { get; internal set; }

    /// <summary>True when what is no item goes to <c>_dlt_rejected</c> instead of ending the run.</summary>
    internal bool KeepRejects { get; init; }

    /// <summary>The configuration of the run.</summary>
    public DltConfiguration Configuration { get; }

    /// <summary>
    /// The settings of the source: sections <c>sources.&lt;source&gt;</c>, <c>sources</c>, and what the pipeline's own sections say.
    /// </summary>
    public SourceSettings Settings { get; }

    /// <summary>Name of the pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>
    /// An HTTP client of this resource, with retries (dlt documentation, Requests helper), limits of the section <c>[runtime]</c>, and
    /// errors without secrets. Its headers and base address are its own; connections and cookies are shared by the resources of the source.
    /// <see cref="HttpJsonExtensions"/> gets JSON.
    /// </summary>
    public HttpClient Http => _http.Value.Client;

    /// <summary>The error of a program's own request as one of dlt; null for anything else.</summary>
    internal ApiException? Explain(Exception error) => error switch
    {
        RequestFailedException failed => failed.ToApiException(),
        HttpRequestException { StatusCode: { } status }
            when _http.IsValueCreated && _http.Value.Retries.LastError is { } last && last.Status == status
            => ApiErrors.Answered(last.Call, status, last.Reason, inner: error),
        _ => null,
    };
}

using System.Collections.ObjectModel;
using Dlt.Sources.Http;
using Dlt.Sources.State;

namespace Dlt;

/// <summary>Provides generators and transformers with state that survives the run, configuration and HTTP.</summary>
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
        SourceHttp = http;
        _http = new(() => http.CreateClient(source, () => Settings.SecretPlaces));
    }

    /// <summary>Name of the source.</summary>
    public string Source { get; }

    /// <summary>Name of the resource.</summary>
    public string Resource { get; }

    /// <summary>State of this resource. Changes are stored only if the extraction succeeds.</summary>
    public ResourceState State { get; }

    /// <summary>State that all resources of the source share.</summary>
    public ResourceState SourceState { get; }

    /// <summary>Incremental cursor of the resource; null when its hints have none.</summary>
    public IncrementalCursor? Cursor { get; internal set; }

    /// <summary>True when records that cannot be read as items are loaded into <c>_dlt_rejected</c> instead of ending the run.</summary>
    internal bool KeepRejects { get; init; }

    /// <summary>Receives how far the resource is; set by the run.</summary>
    internal Action<long, long?> Advanced { get; init; } = (_, _) => { };

    /// <summary>
    /// Says how far the resource is, so that the display of the run can show what remains. Call it as often as it changes, such as once a
    /// page.
    /// </summary>
    /// <param name="done">Work that is done: pages, items, files or bytes, 0 or more. It replaces that of the last call.</param>
    /// <param name="total">All work of the resource in the same unit, as far as it is known now; null when it is not known.</param>
    public void Progress(long done, long? total = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(done);
        Advanced(done, total);
    }

    /// <summary>
    /// Returns the type that a column of the resource's table has, or is declared with, when the run begins; null for a new column. The
    /// name is that of the source.
    /// </summary>
    internal Func<string, DataType?> ColumnType { get; init; } = _ => null;

    /// <summary>Configuration of the run.</summary>
    public DltConfiguration Configuration { get; }

    /// <summary>
    /// Settings of the source, from the sections <c>sources.&lt;source&gt;</c> and <c>sources</c>. The pipeline's own sections take
    /// precedence.
    /// </summary>
    public SourceSettings Settings { get; }

    /// <summary>Name of the pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>
    /// HTTP client of this resource, with retries (dlt documentation, Requests helper), limits from the section <c>[runtime]</c>, and
    /// errors without secrets. Its headers and base address are its own; connections and cookies are shared by the resources of the source.
    /// <see cref="HttpJsonExtensions"/> has methods for JSON.
    /// </summary>
    public HttpClient Http => _http.Value.Client;

    /// <summary>Clients and shared objects of the source in this run.</summary>
    internal SourceHttp SourceHttp { get; }

    /// <summary>Folder of the pipeline, for what survives a run that failed; null without a pipeline.</summary>
    internal string? Folder { get; init; }

    /// <summary>True when other resources of the run need the records.</summary>
    internal bool FeedsOthers { get; init; }

    /// <summary>
    /// Current records of the resources that the items of this one are made from, by the names of the resources. Only for resources with
    /// <see cref="DependentResource"/>.
    /// </summary>
    internal IReadOnlyDictionary<string, object?> Ancestors { get; init; } = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>Converts the error of a request to an error of dlt; null for other exceptions.</summary>
    internal ApiException? ToApiException(Exception error) => error switch
    {
        RequestFailedException failed => failed.ToApiException(),
        HttpRequestException { StatusCode: { } status }
            when _http.IsValueCreated && _http.Value.Retries.LastError is { } last && last.Status == status
            => ApiErrors.Answered(last.Call, status, last.Reason, inner: error),
        _ => null,
    };
}

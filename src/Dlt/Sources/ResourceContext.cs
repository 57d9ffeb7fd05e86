using Dlt.Configuration;
using Dlt.Sources;
using Dlt.Sources.Http;
using Dlt.State;

namespace Dlt;

/// <summary>What a resource's generator gets: state that survives the run, configuration, HTTP.</summary>
public sealed class ResourceContext
{
    internal ResourceContext(string source, string resource, StateStore state, DltConfiguration configuration, string pipelineName, ApiClient http)
    {
        Source = source;
        Resource = resource;
        State = new ResourceState(state, source, resource);
        SourceState = new ResourceState(state, source, null);
        Configuration = configuration;
        Settings = new(configuration, source, pipelineName: pipelineName);
        PipelineName = pipelineName;
        Http = http;
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
    internal bool KeepsRejects { get; init; }

    /// <summary>The configuration of the run.</summary>
    public DltConfiguration Configuration { get; }

    /// <summary>The settings of the source: sections <c>sources.&lt;source&gt;</c>, <c>sources</c>, and what the pipeline's own sections say.</summary>
    public SourceSettings Settings { get; }

    /// <summary>Name of the pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>An HTTP client with retries (dlt documentation, Requests helper).</summary>
    public ApiClient Http { get; }
}

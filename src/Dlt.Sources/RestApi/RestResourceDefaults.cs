using System.Collections.Immutable;

namespace Dlt;

/// <summary>What a REST resource has besides its name; also the defaults of all resources.</summary>
public record RestResourceDefaults
{
    /// <summary>Table, keys, columns, disposition; null for the defaults.</summary>
    public ResourceHints? Hints { get; init; }

    /// <summary>The endpoint. A text is its path. Null for the name of the resource as the path.</summary>
    public RestEndpoint? Endpoint { get; init; }

    /// <summary>
    /// Fields of the parent's record that every record gets, as <c>_&lt;parent&gt;_&lt;field&gt;</c>. Default for those of the defaults.
    /// </summary>
    public ImmutableArray<string> IncludeFromParent { get; init; }

    /// <summary>Filters and changes of records, in their order, before they are loaded. Default for those of the defaults.</summary>
    public ImmutableArray<RestStep> ProcessingSteps { get; init; }

    /// <summary>False when the records are not loaded. Children still receive them. Null for the default, true.</summary>
    public bool? IsSelected { get; init; }

    /// <summary>
    /// True when the requests for several parents run at the same time. Records keep their order. Null for the default, false.
    /// </summary>
    public bool? IsParallelized { get; init; }

    /// <summary>
    /// True to ask for changes only, by <c>If-None-Match</c> and <c>If-Modified-Since</c>: if nothing has changed, the table stays as it
    /// is, whatever its disposition. Null for the default, false.
    /// </summary>
    public bool? IsConditional { get; init; }

    /// <summary>
    /// True to go on from the last page after a run that failed. The cursor of the API must stay valid. Null for the default, false.
    /// </summary>
    public bool? ResumesPages { get; init; }
}

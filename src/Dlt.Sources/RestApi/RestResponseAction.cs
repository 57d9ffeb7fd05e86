using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// What to do with certain answers. Functions without conditions are called for every answer; nothing is ignored without a condition.
/// </summary>
public sealed record RestResponseAction
{
    /// <summary>Status of the answer; null for any.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Text that the body contains; null for any.</summary>
    public string? Content { get; init; }

    /// <summary>True to end the series of pages at this answer, without an error.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>Functions that are called one after the other. They may return a changed answer or throw.</summary>
    public ImmutableArray<Func<RestAnswer, RestAnswer>> Calls { get; init; } = [];
}

using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// Thrown when the <see cref="CancellationToken"/> of a run stops it. The working folder is consistent: the next run of the pipeline first
/// loads the packages that this run had completed.
/// </summary>
public sealed class PipelineStoppedException : OperationCanceledException
{
    internal PipelineStoppedException(
        string pipelineName, IEnumerable<string> pending, Exception cause, CancellationToken cancellationToken)
        : this(pipelineName, [.. pending], cause, cancellationToken)
    {
    }

    private PipelineStoppedException(
        string pipelineName, ImmutableArray<string> pending, Exception cause, CancellationToken cancellationToken)
        : base(Describe(pipelineName, pending), cause, cancellationToken) =>
        (PipelineName, PendingLoadIds) = (pipelineName, pending);

    /// <summary>Name of the pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>Load ids of the packages that wait in the working folder, oldest first; empty when none was completed.</summary>
    public ImmutableArray<string> PendingLoadIds { get; }

    private static string Describe(string pipeline, ImmutableArray<string> pending) => pending.Length == 0
        ? $"Nothing of pipeline '{pipeline}' is pending: the next run begins with its extract."
        : $"Pending packages of pipeline '{pipeline}': {string.Join(", ", pending)}. The next run loads them first.";
}

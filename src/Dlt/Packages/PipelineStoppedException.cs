using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// A run ended because its <see cref="CancellationToken"/> asked for it. Nothing is half done: what the run had packed is loaded first by
/// the next run of the pipeline.
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

    /// <summary>The pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>Load ids of the packages that wait in the working folder, oldest first; empty when nothing was packed.</summary>
    public ImmutableArray<string> PendingLoadIds { get; }

    private static string Describe(string pipeline, ImmutableArray<string> pending) => pending.Length == 0
        ? $"Nothing of pipeline '{pipeline}' is pending: the next run begins with its extract."
        : $"Pending of pipeline '{pipeline}': {string.Join(", ", pending)}. The next run loads that first.";
}

using System.Diagnostics;
using Dlt.Diagnostics;

namespace Dlt.Tracing;

/// <summary>Makes a span of each step; the span of the run is above those of its steps.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="dataset">The dataset.</param>
/// <param name="destination">Name of the destination.</param>
internal sealed class RunSpans(string pipeline, string dataset, string destination) : RunObserver
{
    private readonly Stack<Activity?> _open = new();

    /// <remarks>The span becomes the current one of the caller, since this method is not asynchronous.</remarks>
    public override void StepBegan(string step)
    {
        var span = DltDiagnostics.Source.StartActivity(SpanNames.StepPrefix + step);
        span?.SetTag(AttributeNames.Pipeline, pipeline)
            .SetTag(AttributeNames.Dataset, dataset)
            .SetTag(AttributeNames.Destination, destination);
        _open.Push(span);
    }

    public override void StepEnded(StepEnd end)
    {
        using var span = _open.Pop();
        if (end.Error is { } error) DltDiagnostics.Fail(span, DltDiagnostics.TypeOf(error));
        else if (end.Outcome is { } outcome) span?.SetTag(AttributeNames.Rows, outcome.Rows);
    }
}

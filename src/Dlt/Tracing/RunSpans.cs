using System.Diagnostics;
using Dlt.Diagnostics;

namespace Dlt.Tracing;

/// <summary>Creates a span for each step. The span of the run is the parent of the spans of its steps.</summary>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="dataset">Name of the dataset.</param>
/// <param name="destination">Name of the destination.</param>
internal sealed class RunSpans(string pipeline, string dataset, string destination) : RunObserver
{
    private readonly Stack<Activity?> _open = new();

    /// <remarks>The span becomes the current activity of the caller, because this method is not asynchronous.</remarks>
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

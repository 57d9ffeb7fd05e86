namespace Dlt.Diagnostics;

/// <summary>Names of the spans of a run (docs/observability.md).</summary>
internal static class SpanNames
{
    /// <summary>Before the name of a step: <c>dlt.run</c>, <c>dlt.extract</c>.</summary>
    public const string StepPrefix = "dlt.";

    public const string Resource = "dlt.resource";
    public const string Job = "dlt.job";
    public const string Publish = "dlt.publish";
    public const string Commit = "dlt.commit";

    /// <summary>All names but the prefix.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. StepNames.All.Select(s => StepPrefix + s), Resource, Job, Publish, Commit];
}

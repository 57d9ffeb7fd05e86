namespace Dlt.Diagnostics;

/// <summary>Names of the spans of a run (docs/observability.md).</summary>
internal static class SpanNames
{
    /// <summary>Prefix of the spans of steps: <c>dlt.run</c>, <c>dlt.extract</c>.</summary>
    public const string StepPrefix = "dlt.";

    public const string Resource = "dlt.resource";
    public const string Job = "dlt.job";
    public const string Publish = "dlt.publish";
    public const string Commit = "dlt.commit";

    /// <summary>Names of all spans.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. StepNames.All.Select(s => StepPrefix + s), Resource, Job, Publish, Commit];
}

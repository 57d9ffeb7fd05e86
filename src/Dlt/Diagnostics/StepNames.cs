namespace Dlt.Diagnostics;

/// <summary>Names of the steps of a run, in traces, spans and measurements (docs/spec/pipeline.md 13.4).</summary>
internal static class StepNames
{
    public const string Run = "run";
    public const string Sync = "sync";
    public const string Extract = "extract";
    public const string Normalize = "normalize";
    public const string Load = "load";

    public static IReadOnlyList<string> All { get; } = [Run, Sync, Extract, Normalize, Load];
}

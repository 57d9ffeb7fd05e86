using Microsoft.Extensions.Logging;

namespace Dlt.Logging;

/// <summary>
/// The events of the log, each with an id that stays (docs/observability.md). Ids 1 to 99 belong to this project. Information: an action
/// of the operator succeeded. Warning: dlt recovered or made a decision. Error: a person must act. Facts of single rows are counters.
/// </summary>
internal static partial class LogMessages
{
    /// <summary>Category of the log.</summary>
    public const string Category = "Dlt";

    [LoggerMessage(1, LogLevel.Information,
        "Pipeline {Pipeline} loaded {Rows} rows in {Packages} packages in {Seconds:0.00} s")]
    public static partial void RunSucceeded(ILogger logger, string pipeline, long rows, int packages, double seconds);

    [LoggerMessage(2, LogLevel.Error, "Pipeline {Pipeline} failed: {Error}")]
    public static partial void RunFailed(ILogger logger, string pipeline, string error);

    [LoggerMessage(3, LogLevel.Warning, "Pipeline {Pipeline} was stopped before its end; the next run first loads the pending packages")]
    public static partial void RunStopped(ILogger logger, string pipeline);

    [LoggerMessage(4, LogLevel.Debug, "Pipeline {Pipeline} begins step {Step}")]
    public static partial void StepBegan(ILogger logger, string pipeline, string step);

    [LoggerMessage(5, LogLevel.Information,
        "Step {Step} of pipeline {Pipeline} handled {Rows} rows of {Tables} tables in {Seconds:0.00} s")]
    public static partial void StepSucceeded(ILogger logger, string pipeline, string step, long rows, int tables, double seconds);

    [LoggerMessage(6, LogLevel.Information, "Pipeline {Pipeline} restored its state and schemas from the destination")]
    public static partial void StateRestored(ILogger logger, string pipeline);

    [LoggerMessage(7, LogLevel.Debug, "Step {Step} begins with schema {Schema}, package {LoadId}")]
    public static partial void PackageBegan(ILogger logger, string step, string schema, string loadId);

    [LoggerMessage(8, LogLevel.Debug, "Staged a file of table {Table} with {Bytes} bytes")]
    public static partial void FileStaged(ILogger logger, string table, long bytes);

    [LoggerMessage(9, LogLevel.Information, "Load {LoadId} created or changed tables: {Tables}")]
    public static partial void TablesChanged(ILogger logger, string loadId, string tables);

    [LoggerMessage(10, LogLevel.Information, "Loads {LoadIds} are complete")]
    public static partial void LoadsCompleted(ILogger logger, string loadIds);

    /// <summary>Every warning of a run; the user may get the same text through <see cref="PipelineOptions.Warn"/>.</summary>
    [LoggerMessage(11, LogLevel.Warning, "{Warning}")]
    public static partial void Warned(ILogger logger, string warning);

    /// <summary>A program ended with an error that no run has logged; only in a JSON log on standard error.</summary>
    [LoggerMessage(12, LogLevel.Error, "{Error}")]
    public static partial void ProgramFailed(ILogger logger, string error);

    /// <summary>A program was stopped; only in a JSON log on standard error.</summary>
    [LoggerMessage(13, LogLevel.Warning, "{Pending}")]
    public static partial void ProgramStopped(ILogger logger, string pending);
}

using System.Collections.Immutable;
using System.Collections.ObjectModel;
using Dlt.Lake;

namespace Dlt;

/// <summary>
/// Trace of a run, step by step, as <c>trace.json</c> stores it in the working folder and in the packages of the run (dlt documentation,
/// Inspect and adjust the runtime trace). It holds no secrets.
/// </summary>
public sealed record PipelineTrace
{
    /// <summary>Version of the format: 2, as in dlt 1.31.</summary>
    internal const int EngineVersion = 2;

    /// <summary>Id of the run: 32 hexadecimal digits.</summary>
    public required string TransactionId { get; init; }

    /// <summary>Name of the pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Profile of the workspace; null when there is no workspace.</summary>
    public string? Profile { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>
    /// Steps in the order in which they ended, with the step <c>run</c> last. A run that finishes the packages of an earlier one has steps
    /// twice.
    /// </summary>
    public ImmutableArray<PipelineStepTrace> Steps { get; init; } = [];

    /// <summary>Settings that the run found, in the order in which it first read them.</summary>
    public ImmutableArray<ResolvedConfigValue> ResolvedConfigValues { get; init; } = [];

    /// <summary>True when an error or a cancellation ended the run.</summary>
    public bool HasFailed => Steps is [.., { StepException: not null }];

    /// <summary>Writes the content of <c>trace.json</c>: dlt's member names, times in ISO 8601 format.</summary>
    public string ToJson() => JsonText.Write(PipelineTraceJson.Write(this), pretty: true);

    /// <summary>Writes dlt's text form, without settings.</summary>
    public override string ToString() => PipelineTraceText.Write(this, withSettings: false);

    /// <summary>Writes dlt's text form.</summary>
    /// <param name="withSettings">True to add a line for each setting; secrets are shown as <c>&lt;secret&gt;</c>.</param>
    public string ToString(bool withSettings) => PipelineTraceText.Write(this, withSettings);
}

/// <summary>Trace of one step of a run.</summary>
/// <param name="SpanId">Id of the step: 32 hexadecimal digits.</param>
/// <param name="Step">
/// Name of the step: <c>sync</c>, <c>extract</c>, <c>normalize</c>, <c>load</c>, or <c>run</c> for the whole run.
/// </param>
/// <param name="StartedAt">When the step began.</param>
/// <param name="FinishedAt">When the step ended.</param>
public sealed record PipelineStepTrace(string SpanId, string Step, DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>Result of the step; null when it failed.</summary>
    public StepOutcome? Outcome { get; init; }

    /// <summary>Message of the error that ended the step; null when it succeeded.</summary>
    public string? StepException { get; init; }

    /// <summary>The error that ended the step, and the errors that caused it.</summary>
    public ImmutableArray<ExceptionTrace> ExceptionTraces { get; init; } = [];
}

/// <summary>Result of a step: its packages and rows.</summary>
public sealed record StepOutcome
{
    /// <summary>Result of a step without packages.</summary>
    internal static StepOutcome None { get; } = new();

    /// <summary>Packages that the step made or loaded.</summary>
    public ImmutableArray<TracedPackage> Packages { get; init; } = [];

    /// <summary>Number of rows by table, over all packages.</summary>
    public IReadOnlyDictionary<string, long> RowCounts { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Number of rows over all tables, as log, spans and measurements show it.</summary>
    internal long Rows => RowCounts.Values.Sum();

    /// <summary>Dataset that the step loaded into; null for other steps.</summary>
    public LoadTarget? Target { get; init; }

    /// <summary>Queries that the run has started until the end of the step; none for steps that do not load.</summary>
    public QueryUsage Queries { get; init; } = QueryUsage.None;
}

/// <summary>A package that a step made or loaded.</summary>
/// <param name="LoadId">Load id of the package.</param>
/// <param name="State">Stage of the package at the end of the step.</param>
public sealed record TracedPackage(string LoadId, StoredPackageState State);

/// <summary>Dataset and location that a run loads into.</summary>
/// <param name="DestinationName">Name of the destination, such as <c>athena</c>.</param>
/// <param name="DatasetName">Name of the dataset.</param>
/// <param name="Location">Location of the data, without user name and password.</param>
public sealed record LoadTarget(string DestinationName, string DatasetName, string Location);

/// <summary>An error that ended a step, or one of its causes.</summary>
/// <param name="ExceptionType">Full name of the exception type.</param>
/// <param name="Message">Message of the error; secrets that the run read are hidden.</param>
/// <param name="IsTerminal">True when a retry cannot succeed; false when the same step may succeed later.</param>
/// <param name="StackTrace">Stack trace, one line per frame.</param>
public sealed record ExceptionTrace(string ExceptionType, string Message, bool IsTerminal, ImmutableArray<string> StackTrace);

/// <summary>A setting that a run found.</summary>
/// <param name="Key">Name of the setting, without sections.</param>
/// <param name="Sections">Sections in which the setting was found, outermost first.</param>
/// <param name="Value">Value as text; null for secrets, tables and lists.</param>
/// <param name="ProviderName">Name of the provider of the value, such as <c>config.toml</c>.</param>
public sealed record ResolvedConfigValue(string Key, ImmutableArray<string> Sections, string? Value, string ProviderName)
{
    /// <summary>Default value; null for none.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>True when the setting is a secret.</summary>
    public bool IsSecretHint { get; init; }

    /// <summary>dlt's name of the configuration record that read the setting; null when it was read by a dotted key.</summary>
    public string? ConfigTypeName { get; init; }

    /// <summary>File or environment variable that holds the value; null when the provider names none.</summary>
    public string? ProviderLocation { get; init; }
}

using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt;

/// <summary>
/// What a run did, step by step, as <c>trace.json</c> keeps it in the working folder and in the packages of the run (dlt documentation,
/// Inspect and adjust the runtime trace). It holds no secrets.
/// </summary>
public sealed record PipelineTrace
{
    /// <summary>Version of the form: 2, that of dlt 1.31.</summary>
    internal const int EngineVersion = 2;

    /// <summary>The run: 32 hexadecimal digits.</summary>
    public required string TransactionId { get; init; }

    /// <summary>The pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>The profile of the workspace; null outside of one.</summary>
    public string? Profile { get; init; }

    /// <summary>When the run began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>
    /// The steps in the order in which they ended, the step <c>run</c> last; a run that finishes what an earlier one left has steps twice.
    /// </summary>
    public ImmutableArray<PipelineStepTrace> Steps { get; init; } = [];

    /// <summary>Settings that the run found, in the order in which it first asked for them.</summary>
    public ImmutableArray<ResolvedConfigValue> ResolvedConfigValues { get; init; } = [];

    /// <summary>True: an error or a stop ended the run.</summary>
    public bool HasFailed => Steps is [.., { StepException: not null }];

    /// <summary>The content of <c>trace.json</c>: dlt's names of the members, times in ISO form.</summary>
    public string ToJson() => JsonText.Write(PipelineTraceJson.Write(this), pretty: true);

    /// <summary>dlt's text form, without settings.</summary>
    public override string ToString() => PipelineTraceText.Write(this, withSettings: false);

    /// <summary>dlt's text form.</summary>
    /// <param name="withSettings">True: with a line for each setting; secrets are shown as <c>&lt;secret&gt;</c>.</param>
    public string ToString(bool withSettings) => PipelineTraceText.Write(this, withSettings);
}

/// <summary>One step of a run.</summary>
/// <param name="SpanId">The step: 32 hexadecimal digits.</param>
/// <param name="Step"><c>sync</c>, <c>extract</c>, <c>normalize</c>, <c>load</c>, or <c>run</c> for all of them.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
public sealed record PipelineStepTrace(string SpanId, string Step, DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>What it did; null for a step that failed.</summary>
    public StepOutcome? Outcome { get; init; }

    /// <summary>The message of the error that ended it; null for a step that succeeded.</summary>
    public string? StepException { get; init; }

    /// <summary>That error, and the errors that caused it.</summary>
    public ImmutableArray<ExceptionTrace> ExceptionTraces { get; init; } = [];
}

/// <summary>What a step did.</summary>
public sealed record StepOutcome
{
    /// <summary>Nothing.</summary>
    internal static StepOutcome None { get; } = new();

    /// <summary>The packages that it made or loaded.</summary>
    public ImmutableArray<TracedPackage> Packages { get; init; } = [];

    /// <summary>Rows by table, over all packages.</summary>
    public IReadOnlyDictionary<string, long> RowCounts { get; init; } = ImmutableSortedDictionary<string, long>.Empty;

    /// <summary>Where it loaded to; null for the other steps.</summary>
    public LoadTarget? Target { get; init; }
}

/// <summary>A package in a trace.</summary>
/// <param name="LoadId">The package.</param>
/// <param name="State">Its state at the end of the step.</param>
public sealed record TracedPackage(string LoadId, StoredPackageState State);

/// <summary>Where a load goes.</summary>
/// <param name="DestinationName">Name of the destination, such as <c>athena</c>.</param>
/// <param name="DatasetName">The dataset.</param>
/// <param name="Location">Where the data is, without user and password.</param>
public sealed record LoadTarget(string DestinationName, string DatasetName, string Location);

/// <summary>An error in a trace.</summary>
/// <param name="ExceptionType">Full name of its type.</param>
/// <param name="Message">Its message; secrets that the run read are hidden.</param>
/// <param name="IsTerminal">False: the same step may succeed when it is tried again.</param>
/// <param name="StackTrace">Its stack, a line a frame.</param>
public sealed record ExceptionTrace(string ExceptionType, string Message, bool IsTerminal, ImmutableArray<string> StackTrace);

/// <summary>A setting that a run found.</summary>
/// <param name="Key">Its name, without sections.</param>
/// <param name="Sections">The sections under which it was found, outermost first.</param>
/// <param name="Value">Its value as text; null for secrets, tables and lists.</param>
/// <param name="ProviderName">Who had it, such as <c>config.toml</c>.</param>
public sealed record ResolvedConfigValue(string Key, ImmutableArray<string> Sections, string? Value, string ProviderName)
{
    /// <summary>The value that it has when nobody sets one; null for none.</summary>
    public string? DefaultValue { get; init; }

    /// <summary>True: it is a secret.</summary>
    public bool IsSecretHint { get; init; }

    /// <summary>dlt's name of the configuration record that asked for it; null where a dotted key did.</summary>
    public string? ConfigTypeName { get; init; }

    /// <summary>The file or variable that it stands in; null where the provider names none.</summary>
    public string? ProviderLocation { get; init; }
}

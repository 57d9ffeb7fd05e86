using Dlt.Internal;
using Dlt.Normalize.Rows;
using Microsoft.Extensions.Logging;

namespace Dlt;

/// <summary>Settings of a pipeline that are given in code.</summary>
public sealed record PipelineOptions
{
    /// <summary>Folder that holds the working folders; the configured one by default.</summary>
    public string? PipelinesFolder { get; init; }

    /// <summary>
    /// False: state is neither restored from the destination nor stored there. Null uses <c>restore_from_destination</c> of the
    /// configuration, which is true by default.
    /// </summary>
    public bool? RestoreFromDestination { get; init; }

    /// <summary>
    /// True: every pipeline object starts with an empty working folder and a new dataset, <c>&lt;dataset&gt;_YYYYMMDDhhmmss</c>, for
    /// experiments (dlt documentation, Pipeline). Null uses <c>dev_mode</c> of the configuration, which is false by default.
    /// </summary>
    public bool? DevMode { get; init; }

    /// <summary>
    /// True, the default: a run that finds packages of an earlier run loads those first and then extracts its source. False, as in Python
    /// dlt: the run loads only those packages, warns, and leaves the source to the next run. A source without a cursor whose items are
    /// appended is then not loaded twice when a run is repeated until it succeeds.
    /// </summary>
    public bool ExtractAfterPending { get; init; } = true;

    /// <summary>
    /// Key of the data that this run loads, such as a file; used when <see cref="ExtractAfterPending"/> is false. A run that finds a
    /// pending package with the same key, or with the same subject and other content, loads it and ends. A run that finds only other
    /// packages loads them and then extracts its source. Null: the run ends after it loaded any pending package.
    /// </summary>
    public RunKey? RunKey { get; init; }

    /// <summary>
    /// What a run does while another process or machine runs the pipeline (<see cref="Destinations.IRunLease"/>). True: it waits until
    /// that run ends. False: it fails, after it has waited long enough to know that the other run is alive. Null uses
    /// <c>wait_for_lease</c> of the configuration, which is false by default.
    /// </summary>
    public bool? WaitForLease { get; init; }

    /// <summary>Maximum number of rejected rows. More of them end the run before anything is loaded. Null for no limit.</summary>
    public long? MaxRejects { get; init; }

    /// <summary>
    /// True: the caller can provide the data again, so a package that can never be loaded, or that was made for another location, is
    /// dropped instead of kept. A package whose load has started, or that holds the only copy of its rows, is always kept.
    /// </summary>
    public bool AbortFailedPackages { get; init; }

    /// <summary>
    /// True: an item that is not JSON, or does not fit the schema or its contract, does not end the run. It becomes a row of
    /// <c>_dlt_rejected</c> with its text, reason, file, line and byte.
    /// </summary>
    public bool KeepRejects { get; init; }

    /// <summary>
    /// Folder of schema files that people edit: the first run writes <c>&lt;schema&gt;.schema.yaml</c>, later runs apply the edits in it.
    /// Null uses <c>import_schema_path</c> of the configuration.
    /// </summary>
    public string? ImportSchemaPath { get; init; }

    /// <summary>Folder that every changed schema is written to as YAML. Null uses <c>export_schema_path</c> of the configuration.</summary>
    public string? ExportSchemaPath { get; init; }

    /// <summary>
    /// Tables and state that every run drops before it loads. Null uses <c>refresh</c> of the configuration, which drops nothing by
    /// default.
    /// </summary>
    public RefreshMode? Refresh { get; init; }

    /// <summary>Display of the progress of a run; <see cref="ProgressDisplay.None"/> by default.</summary>
    public IProgressDisplay Progress { get; init; } = ProgressDisplay.None;

    /// <summary>
    /// Receives every warning, one or more sentences. By default it goes to standard error: as a plain line, or as a line of the log when
    /// <c>runtime.log_level</c> or <c>runtime.log_format</c> is set.
    /// </summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Makes the log of runs, with the category <c>Dlt</c>; docs/observability.md lists the events. The pipeline does not dispose it. Null,
    /// the default: <c>runtime.log_level</c> and <c>runtime.log_format</c> of the configuration decide, and nothing is logged when neither
    /// is set.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Configuration of the pipeline; by default the one of the current folder.</summary>
    public DltConfiguration? Configuration { get; init; }

    /// <summary>Clock for load ids, timestamps and retries. Tests replace it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Adds message handlers of the program below <see cref="ResourceContext.Http"/>. The function receives the handler of the network, a
    /// <see cref="SocketsHttpHandler"/>, and returns the one to use, such as <c>network => new SigningHandler { InnerHandler = network
    /// }</c>. It is called at most once per source and run. The handler sees every attempt and is disposed when the source is extracted.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? HttpHandler { get; init; }

    /// <summary>Replaces random row ids in tests.</summary>
    internal IRowIdSource? RowIds { get; init; }

    /// <summary>Replaces the clock's load ids in tests.</summary>
    internal Func<string>? LoadIds { get; init; }
}

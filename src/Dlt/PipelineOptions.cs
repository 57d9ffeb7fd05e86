using Dlt.Configuration;
using Dlt.Normalize.Rows;
using Microsoft.Extensions.Logging;

namespace Dlt;

/// <summary>Settings of a pipeline that are given in code.</summary>
public sealed record PipelineOptions
{
    /// <summary>Folder that holds the working folders; the configured one by default.</summary>
    public string? PipelinesFolder { get; init; }

    /// <summary>
    /// False: state is neither restored from the destination nor stored there. Null for what <c>restore_from_destination</c> in the
    /// configuration says, else true.
    /// </summary>
    public bool? RestoreFromDestination { get; init; }

    /// <summary>
    /// True: every pipeline object begins afresh, with an empty working folder and a dataset of its own,
    /// <c>&lt;dataset&gt;_YYYYMMDDhhmmss</c>, for trying things out (dlt documentation, Pipeline).
    /// Null for what <c>dev_mode</c> in the configuration says, else false.
    /// </summary>
    public bool? DevMode { get; init; }

    /// <summary>
    /// True, the default: a run that finds packages of an earlier run loads those first and then its source. False, as in dlt: it loads
    /// those, warns, and leaves the source to the next run, so that a source without cursor, of items that are appended, is not loaded
    /// twice when a run is repeated until it succeeds.
    /// </summary>
    public bool ExtractAfterPending { get; init; } = true;

    /// <summary>
    /// Without <see cref="ExtractAfterPending"/>: what this run is for, such as the file that it loads. A run that finds a package of a run
    /// of that key loads it and is done; one that finds others loads those and goes on. Null: any package that waits is all of the run.
    /// </summary>
    public RunKey? RunKey { get; init; }

    /// <summary>The most rows that may be rejected; more end the run before anything is loaded. Null for any number.</summary>
    public long? MaxRejects { get; init; }

    /// <summary>
    /// True: who runs the pipeline can give its data again, so a package that can never be loaded, or was made for another place, is given
    /// up rather than kept, unless it was begun or holds the only copy of its rows.
    /// </summary>
    public bool AbortFailedPackages { get; init; }

    /// <summary>
    /// True: an item that is not JSON, or does not fit the schema or its contract, does not end the run. It becomes a row of
    /// <c>_dlt_rejected</c> with its text, reason, file, line and byte.
    /// </summary>
    public bool KeepRejects { get; init; }

    /// <summary>
    /// Folder of schema files that people edit: the first run writes <c>&lt;schema&gt;.schema.yaml</c>, later runs take what was changed in
    /// it. Also <c>import_schema_path</c> in the configuration.
    /// </summary>
    public string? ImportSchemaPath { get; init; }

    /// <summary>Folder that gets every schema as YAML after it changed. Also <c>export_schema_path</c> in the configuration.</summary>
    public string? ExportSchemaPath { get; init; }

    /// <summary>
    /// What every run drops of its source before it loads; null for what <c>refresh</c> in the configuration says, else nothing.
    /// </summary>
    public RefreshMode? Refresh { get; init; }

    /// <summary>Shows how the run gets on; nothing by default.</summary>
    public IProgressDisplay Progress { get; init; } = ProgressDisplay.None;

    /// <summary>
    /// Gets every warning. By default it is written to standard error: as a plain line, or as a line of the log where
    /// <c>runtime.log_level</c> or <c>runtime.log_format</c> are set.
    /// </summary>
    public Action<string>? Warn { get; init; }

    /// <summary>
    /// Makes the log of runs, of the category <c>Dlt</c>; the events are in docs/observability.md. The pipeline does not dispose it. Null,
    /// the default: <c>runtime.log_level</c> and <c>runtime.log_format</c> of the configuration decide, and nothing is logged where
    /// neither is set.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>The configuration; that of the current folder by default.</summary>
    public DltConfiguration? Configuration { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Puts handlers of the program below <see cref="ResourceContext.Http"/>. It gets the handler of the network, a
    /// <see cref="SocketsHttpHandler"/>, and gives the one to use, such as <c>network => new SigningHandler { InnerHandler = network }</c>.
    /// Called at most once a source and run; the handler sees every attempt, and is disposed when the source is extracted.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? HttpHandler { get; init; }

    /// <summary>Replaces random row ids in tests.</summary>
    internal IRowIdSource? RowIds { get; init; }

    /// <summary>Replaces the clock's load ids in tests.</summary>
    internal Func<string>? LoadIds { get; init; }
}

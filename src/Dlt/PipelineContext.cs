using Dlt.Destinations;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.SchemaFiles;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.State;
using Dlt.Tracing;
using Microsoft.Extensions.Logging;

namespace Dlt;

/// <summary>Settings, folders and state that the steps of one pipeline share.</summary>
internal sealed class PipelineContext
{
    public required string Name { get; init; }

    public required DltConfiguration Configuration { get; init; }

    public required DestinationCapabilities Capabilities { get; init; }

    public required WorkingFolder Folder { get; init; }

    /// <summary>Settings of the extract, normalise and load steps.</summary>
    public required StepSettings Settings { get; init; }

    /// <summary>Stored schemas, and the folders where people read and edit them.</summary>
    public required SchemaFolders Schemas { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Makes the ids of packages.</summary>
    public required LoadIdSource LoadIds { get; init; }

    /// <summary>Receives the events of the run: packages, rows and files.</summary>
    public required RunObserver Observer { get; init; }

    /// <summary>The log of the run.</summary>
    public required ILogger Logger { get; init; }

    public required PipelineState State { get; set; }

    /// <summary>
    /// Version hash of the newest state at the destination, or of the newest package that will commit one; null for none.
    /// </summary>
    public string? CommittedHash { get; set; }

    public required string DatasetName { get; init; }

    public bool RestoreFromDestination { get; init; } = true;

    /// <summary>
    /// True: a changed state is stored in the destination. In <c>dev_mode</c> it is stored, but never restored (docs/spec/pipeline.md
    /// 1.9).
    /// </summary>
    public bool StoresState { get; init; } = true;

    /// <summary>True: items that cannot become rows are kept in <c>_dlt_rejected</c>.</summary>
    public bool KeepRejects { get; set; }

    /// <summary>Largest number of pages of each resource that are read, as for a plan; null for all.</summary>
    public int? PageLimit { get; init; }

    /// <summary>True: rows of Arrow tables get <c>_dlt_load_id</c> (docs/spec/pipeline.md 7.5).</summary>
    public bool AddLoadId => Settings.AddLoadId;

    /// <summary>True: rows of Arrow tables get <c>_dlt_id</c> (docs/spec/pipeline.md 7.5).</summary>
    public bool AddRowId => Settings.AddRowId;

    /// <summary>
    /// False: every schema except the default one has a separate dataset, <c>&lt;dataset&gt;_&lt;schema&gt;</c> (docs/spec/pipeline.md
    /// 10.6).
    /// </summary>
    public bool UseSingleDataset { get; init; } = true;

    /// <summary>Returns the name of a schema's dataset.</summary>
    public string DatasetOf(string schema) =>
        UseSingleDataset || (State.DefaultSchemaName ?? schema) == schema ? DatasetName : $"{DatasetName}_{schema}";

    /// <summary>Tables and state that the run drops before it loads; null for none.</summary>
    public RefreshMode? Refresh { get; set; }

    /// <summary>True: the run resets what sources keep, or writes nothing that depends on it.</summary>
    public bool Resets { get; init; }

    /// <summary>Key of the data that the run loads; null when the caller gave none.</summary>
    public RunKey? RunKey { get; init; }

    /// <summary>Location that the run loads into (<see cref="IDestinationClient.Location"/>); null while it has no destination.</summary>
    public string? Location { get; init; }

    /// <summary>Maximum number of rejected rows per package; null for no limit.</summary>
    public long? MaxRejects { get; init; }

    /// <summary>Reads the state from the working folder.</summary>
    public required Func<PipelineState> OpenState { get; init; }

    /// <summary>Contract given to the run; it overrides those of the source and its resources.</summary>
    public SchemaContract? RunContract { get; set; }

    /// <summary>Adds message handlers to the HTTP client of sources; null for none.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? HttpHandler { get; init; }

    /// <summary>Called with every warning for the user.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>Tells the user of a wait before something is tried again.</summary>
    public required Action<string, TimeSpan> Waiting { get; init; }

    /// <summary>Waits between attempts, which the user sees.</summary>
    public RetryWaits Waits => new(Time, Warn) { Waiting = Waiting };

    public void SaveState(PipelineState state)
    {
        State = state;
        Folder.SaveState(state);
    }
}

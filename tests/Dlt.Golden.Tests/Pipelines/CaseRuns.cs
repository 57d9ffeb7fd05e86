using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Runs the runs of a case of dlt/pipelines in a working folder of their own.</summary>
internal sealed class CaseRuns : IDisposable
{
    private readonly GoldenCase _golden;
    private readonly Destination? _destination;
    private readonly RecordingIds _ids = new();
    private readonly CaseResources _resources;
    private int _loads;
    private Dlt.Pipeline _pipeline;

    /// <param name="golden">The case.</param>
    /// <param name="destination">Opens the place to load into, of a folder; null to stop before the load, as dlt did for Athena.</param>
    public CaseRuns(GoldenCase golden, Func<string, Destination>? destination = null)
    {
        _golden = golden;
        var inputs = Directory.CreateDirectory(Path.Combine(Folder, "inputs")).FullName;
        foreach (var (file, content) in golden.Files) File.WriteAllBytes(Path.Combine(inputs, file), content);
        _resources = new(inputs, golden["athena_table_format"]?.AsString());
        _destination = destination?.Invoke(Folder);
        _pipeline = NewPipeline();
    }

    /// <summary>A temporary folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("dlt-golden-case-").FullName;

    /// <summary>The working folder of the pipeline.</summary>
    public string WorkingFolder => Path.Combine(Folder, Name);

    /// <summary>Row ids that came from random bytes so far.</summary>
    public IReadOnlySet<string> RandomIds => _ids.Given;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Name => _golden["name"]!.AsString();

    private bool Loads => _destination is not null;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Runs one run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="check">Looks at the run, and at its error, before it ends.</param>
    public async Task RunAsync(JsonValue run, Action<PipelineRun, Exception?> check)
    {
        if (run["restart"] is not null) _pipeline = NewPipeline();
        if (run["drop_local"] is not null)
        {
            Directory.Delete(WorkingFolder, recursive: true);
            _pipeline = NewPipeline();
        }

        if (run["drop_pending"] is not null) new WorkingFolder(WorkingFolder).DropPending();
        var open = await _pipeline.BeginAsync(Cancellation, connect: Loads);
        await using (open)
        {
            var error = await Record.ExceptionAsync(() => StepsAsync(open, run));
            if (error is NotDrivenException) throw error;
            check(open, error);
        }
    }

    private async Task StepsAsync(PipelineRun open, JsonValue run)
    {
        string[] steps = run["steps"] is { } given ? [.. given.Items.Select(s => s.AsString())] : [Loads ? "run" : "prepare"];
        if (run["run_args"]?["schema_contract"] is { } contract) open.Context.RunContract = SchemaContract.Parse(contract);
        if (run["run_args"]?["refresh"] is { } refresh) open.Context.Refresh = Enum.Parse<RefreshMode>(
            refresh.AsString().Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var defaultSchema = open.Context.State.DefaultSchemaName is { } known ? known
            : Schema.NameFromPipeline(_pipeline.Name);
        foreach (var step in steps)
        {
            if (step == "run" && Loads && await open.FinishPendingAsync(Cancellation)) continue;   // dlt ignores the new data
            if (step is not ("run" or "prepare" or "extract" or "normalize" or "load")) throw new NotDrivenException($"the step '{step}'");
            if (step is "run" or "prepare" or "extract") await open.ExtractAsync(_resources.Build(run, defaultSchema), Cancellation);
            if (step is "run" or "prepare" or "normalize") open.Normalize(Cancellation);
            if (step is "run" or "load" && Loads) await open.LoadAsync(Cancellation);
        }
    }

    private Dlt.Pipeline NewPipeline() => Dlt.Pipeline.Create(Name, _destination ?? Dlt.Athena.Destination(), "ds", new()
    {
        PipelinesFolder = Folder,
        Configuration = Configuration(),
        Warn = _ => { },
        ImportSchemaPath = _golden["import_export"] is null ? null : Path.Combine(Folder, "import"),
        ExportSchemaPath = _golden["import_export"] is null ? null : Path.Combine(Folder, "export"),
        RowIds = _ids,
        LoadIds = () => $"{1700000001 + _loads++}.5",
    });

    private DltConfiguration Configuration()
    {
        var values = (_golden["config"]?.Members ?? JsonValue.EmptyObject.Members)
            .ToDictionary(
                m =>
                    m.Key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant(), m =>
                        m.Value.Kind == JsonKind.String ? m.Value.AsString() : m.Value.ToString());
        if (Loads) values.TryAdd("DESTINATION__FILESYSTEM__BUCKET_URL", LoadedTables.BucketUrl);
        return DltConfiguration.Load(new RunContext(Folder, Path.Combine(Folder, "global"), n => values.GetValueOrDefault(n)));
    }
}

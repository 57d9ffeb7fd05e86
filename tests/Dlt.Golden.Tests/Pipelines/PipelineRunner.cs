using Dlt.Configuration;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Runs a case of dlt/pipelines in a working folder of its own, and compares each run with its expectation.</summary>
internal sealed class PipelineRunner : IDisposable
{
    private readonly GoldenCase _golden;
    private readonly string _work = Directory.CreateTempSubdirectory("dlt-golden-case-").FullName;
    private readonly RecordingIds _ids = new();
    private readonly CaseResources _resources;
    private int _loads;
    private Dlt.Pipeline _pipeline;

    private PipelineRunner(GoldenCase golden)
    {
        _golden = golden;
        var inputs = Directory.CreateDirectory(Path.Combine(_work, "inputs")).FullName;
        foreach (var (file, content) in golden.Files) File.WriteAllBytes(Path.Combine(inputs, file), content);
        _resources = new(inputs, golden["athena_table_format"]?.AsString());
        _pipeline = NewPipeline();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Name => _golden["name"]!.AsString();

    public static async Task CheckAsync(GoldenCase golden)
    {
        if (PipelineShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var runner = new PipelineRunner(golden);
        var checks = new PipelineChecks(Path.Combine(runner._work, golden["name"]!.AsString()), runner._ids.Given);
        var runs = golden["runs"]!.Items;
        for (var r = 0; r < runs.Length; r++)
        {
            var expected = golden.Expected[$"run{r + 1}"] ?? throw new NotDrivenException($"a case without the expectation 'run{r + 1}'");
            await runner.RunAsync(runs[r], expected["run.json"]!);
            checks.Check(expected);
            foreach (var place in new[] { "import", "export" })
                if (expected[place] is { } files) PipelineChecks.SchemaFiles(files, Path.Combine(runner._work, place));
            foreach (var edit in runs[r]["edit_import"]?.Items ?? []) Edit(
                Path.Combine(runner._work, "import"), edit.Items[0].AsString(), edit.Items[1].AsString());
        }
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    private async Task RunAsync(JsonValue run, JsonValue expected)
    {
        if (run["restart"] is not null) _pipeline = NewPipeline();
        if (run["drop_local"] is not null)
        {
            Directory.Delete(Path.Combine(_work, Name), recursive: true);
            _pipeline = NewPipeline();
        }

        if (run["drop_pending"] is not null) new WorkingFolder(Path.Combine(_work, Name)).DropPending();
        var open = await _pipeline.BeginAsync(Cancellation, connect: false);
        await using (open)
        {
            var error = await Record.ExceptionAsync(() => StepsAsync(open, run));
            if (expected["error"] is { Kind: JsonKind.Array } chain) ErrorOutcome.Check(JsonValue.Object(("errors", chain)), error);
            else Assert.True(error is null, $"No error was expected: {error}");
            if (expected["extract_row_counts"] is { } rows && open.Extracted.Count > 0) AssertCounts(rows, open.Extracted[^1].RowCounts);
            if (expected["normalize_row_counts"] is { } normalized && open.Normalized.Count > 0) AssertCounts(
                normalized, Sum(open.Normalized.Select(n => n.RowCounts)));
        }
    }

    /// <summary>For Athena dlt extracts and normalises, and leaves out the load.</summary>
    private async Task StepsAsync(PipelineRun open, JsonValue run)
    {
        string[] steps = run["steps"] is { } given ? [.. given.Items.Select(s => s.AsString())] : ["extract", "normalize"];
        if (run["run_args"]?["schema_contract"] is { } contract) open.Context.RunContract = SchemaContract.Parse(contract);
        if (run["run_args"]?["refresh"] is { } refresh) open.Context.Refresh = Enum.Parse<RefreshMode>(
            refresh.AsString().Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var defaultSchema = open.Context.State.DefaultSchemaName is { } known ? known
            : Schema.NameFromPipeline(_pipeline.Name);
        foreach (var step in steps)
        {
            switch (step)
            {
                case "run":
                    await open.ExtractAsync(_resources.Build(run, defaultSchema), Cancellation);
                    open.Normalize(Cancellation);
                    break;
                case "extract":
                    await open.ExtractAsync(_resources.Build(run, defaultSchema), Cancellation);
                    break;
                case "normalize":
                    open.Normalize(Cancellation);
                    break;
                case "load": break;
                default: throw new NotDrivenException($"the step '{step}'");
            }
        }
    }

    private Dlt.Pipeline NewPipeline() => Dlt.Pipeline.Create(Name, Dlt.Athena.Destination(), "ds", new()
    {
        PipelinesFolder = _work,
        Configuration = Configuration(),
        Warn = _ => { },
        ImportSchemaPath = _golden["import_export"] is null ? null : Path.Combine(_work, "import"),
        ExportSchemaPath = _golden["import_export"] is null ? null : Path.Combine(_work, "export"),
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
        return DltConfiguration.Load(new RunContext(_work, Path.Combine(_work, "global"), n => values.GetValueOrDefault(n)));
    }

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(c => c).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));

    private static void AssertCounts(JsonValue expected, IReadOnlyDictionary<string, long> actual) => Assert.Equal(
        string.Join('\n', expected.Members.Select(m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal)),
        string.Join('\n', actual.Select(m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal)));

    private static void Edit(string folder, string from, string to)
    {
        foreach (var file in Directory.GetFiles(folder)) File.WriteAllText(
            file, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));
    }
}

using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Runs the runs of a scenario against an account of its own, each as a new process would, and compares what is left.</summary>
internal sealed partial class ScenarioRunner : IDisposable
{
    private const string BucketUrl = "s3://lake/raw";
    private const string Unset = "$unset";

    private readonly GoldenCase _golden;
    private readonly string _work = Directory.CreateTempSubdirectory("dlt-golden-athena-").FullName;

    public ScenarioRunner(GoldenCase golden)
    {
        _golden = golden;
        var url = golden["given"]?["staging"]?["bucket_url"] is { Kind: JsonKind.String } own ? own.AsString() : BucketUrl;
        Account = new(Path.Combine(_work, "account"), url);
    }

    public CaseAccount Account { get; }

    /// <summary>The folder of the working folders.</summary>
    public string Pipelines => Path.Combine(_work, "pipelines");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(GoldenCase golden)
    {
        if (ScenarioShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var runner = new ScenarioRunner(golden);
        var runs = golden["runs"]!.Items;
        for (var r = 0; r < runs.Length; r++) await runner.RunAsync(runs[r], golden.Expected["runs"]!.Items[r]);
        var expected = AthenaCase.IsOlder(golden) ? golden.Expected.With("bindings", JsonValue.EmptyObject) : golden.Expected;
        await EndState.CheckAsync(expected, runner.Account.Inner, runner.StagingLayout, Cancellation);
    }

    public void Dispose() => Directory.Delete(_work, recursive: true);

    /// <summary>Puts a frozen dataset into the account, with or without the working folder that made it.</summary>
    public async Task ContinueAsync(bool keepsFolder)
    {
        var frozen = _golden["folder"]!.AsString();
        await Account.FillAsync(frozen, Cancellation);
        if (keepsFolder) CopyFolder(Path.Combine(frozen, "working_dir"), Pipelines);
    }

    /// <summary>Opens the pipeline with the settings of a run.</summary>
    public Pipeline Open(JsonValue run)
    {
        var settings = Arguments(run, "pipeline");
        return Pipeline.Create(PipelineName(settings), new AccountDestination(Account), Dataset(settings), new()
        {
            PipelinesFolder = Pipelines,
            Configuration = Configuration(run),
            Warn = _ => { },
            ExtractAfterPending = false,
            DevMode = settings["dev_mode"] is { Kind: JsonKind.True },
            Refresh = run["run_args"]?["refresh"] is { Kind: JsonKind.String } refresh
                ? Enum.Parse<RefreshMode>(refresh.AsString().Replace("_", "", StringComparison.Ordinal), ignoreCase: true)
                : null,
            Time = new SwiftClock(),
        });
    }

    /// <summary>Runs one run and compares its outcome with that of dlt.</summary>
    public async Task RunAsync(JsonValue run, JsonValue expected)
    {
        var error = await StartAsync(run);
        RunOutcome.Check(run, expected, error);
        CallCounts.Check(Account.Calls, expected["counts"]);
        var settings = Arguments(run, "pipeline");
        var name = PipelineName(settings);
        if (expected["reads"] is { } reads) await ScenarioReads.CheckAsync(Account.Inner, DatasetOf(settings, name), reads, Cancellation);
    }

    /// <summary>Runs one run.</summary>
    /// <returns>Its error; null for none.</returns>
    public async Task<Exception?> StartAsync(JsonValue run)
    {
        foreach (var sql in run["before_sql"]?.Items ?? []) await DropAsync(sql["sql"]!.AsString());
        var settings = Arguments(run, "pipeline");
        var name = PipelineName(settings);
        if (run["fresh_machine"] is { Kind: JsonKind.True } && Directory.Exists(Path.Combine(Pipelines, name)))
            Directory.Delete(Path.Combine(Pipelines, name), recursive: true);
        Account.Calls.Begin((run["faults"]?.Items ?? []).Select(f => new CaseFault(f)));
        var error = await Record.ExceptionAsync(() => ActAsync(run, name));
        return error is NotDrivenException ? throw error : error;
    }

    /// <summary>Names of the staging datasets.</summary>
    public string StagingLayout => _golden["given"]?["destination"]?["staging_dataset_name_layout"]?.AsString() ?? "%s_staging";

    private async Task ActAsync(JsonValue run, string name)
    {
        var pipeline = Open(run);
        switch (run["action"]?.AsString() ?? "run")
        {
            case "run" when run["no_data"] is { Kind: JsonKind.True }:
                await pipeline.LoadPendingAsync(Cancellation);
                break;
            case "run":
                var schema = new WorkingFolder(Path.Combine(Pipelines, name)).LoadState()?.DefaultSchemaName;
                await pipeline.RunAsync(ScenarioResources.Build(run, schema ?? Schema.NameFromPipeline(name)), Cancellation);
                break;
            case "sync":
                await pipeline.SyncAsync(Cancellation);
                break;
            case "drop_command":
                await pipeline.DropAsync(Selection(run["args"]), _ => true, Cancellation);
                break;
            case "drop_dataset":
                await DropDatasetAsync(pipeline.DatasetName, Configuration(run));
                break;
            case "drop_pending":
                new WorkingFolder(Path.Combine(Pipelines, name)).DropPending();
                break;
            case "read":
                break;
            case var other: throw new NotDrivenException($"the action '{other}'");
        }
    }

    private static DropSelection Selection(JsonValue? arguments) => new()
    {
        DropAll = arguments?["drop_all"] is { Kind: JsonKind.True },
        Resources = [.. (arguments?["resources"]?.Items ?? []).Select(r => r.AsString())],
        StatePaths = [.. (arguments?["state_paths"]?.Items ?? []).Select(p => p.AsString())],
        StateOnly = arguments?["state_only"] is { Kind: JsonKind.True },
    };

    private async Task DropDatasetAsync(string dataset, DltConfiguration configuration)
    {
        await using var maintenance = AthenaMaintenance.Open(Account, configuration);
        await maintenance.DropAsync(await maintenance.FindAsync(dataset, Cancellation), cancellationToken: Cancellation);
    }

    /// <summary>Somebody drops the database: the catalog forgets its tables, objects of Iceberg tables go (README).</summary>
    private async Task DropAsync(string sql)
    {
        var database = DropDatabase().Match(sql) is { Success: true } match ? match.Groups[1].Value : throw new NotDrivenException(sql);
        await foreach (var table in Account.Inner.Glue.GetTablesAsync(database, Cancellation))
        {
            if (!table.IsIceberg) continue;
            var folder = Storage.ObjectLocation.Parse(table.Location);
            List<string> keys = [];
            await foreach (var found in Account.Inner.Objects.ListAsync(folder.Bucket, folder.Key + "/", Cancellation))
                keys.Add(found.Location.Key);
            await Account.Inner.Objects.DeleteAsync(folder.Bucket, keys, Cancellation);
        }

        await Account.Inner.Glue.DeleteDatabaseAsync(database, Cancellation);
    }

    /// <summary>The name of the scenario, cut at 40 characters, unless the case names the pipeline (README).</summary>
    private string PipelineName(JsonValue settings)
    {
        if (settings["pipeline_name"] is { Kind: JsonKind.String } given) return given.AsString();
        var name = _golden["name"]!.AsString();
        return name[..Math.Min(name.Length, 40)];
    }

    private static string? Dataset(JsonValue settings) => settings["dataset_name"] switch
    {
        null => "ds",
        { Kind: JsonKind.String } name when name.AsString() == Unset => null,
        var name => name.AsString(),
    };

    private static string DatasetOf(JsonValue settings, string pipeline) => Dataset(settings) ?? pipeline + "_dataset";

    private JsonValue Arguments(JsonValue run, string part) => JsonValue.Object(
        (_golden["given"]?[part]?.Members.AsEnumerable() ?? []).Concat(run[part]?.Members.AsEnumerable() ?? [])
            .GroupBy(m => m.Key).Select(g => g.Last()));

    private DltConfiguration Configuration(JsonValue run)
    {
        var values = new Dictionary<string, string>
        {
            ["DESTINATION__FILESYSTEM__BUCKET_URL"] = Account.BucketUrl,
            ["DESTINATION__ATHENA__QUERY_RESULT_BUCKET"] = "s3://results/q/",
        };
        foreach (var (part, section) in new[] { ("destination", "ATHENA"), ("staging", "FILESYSTEM") })
            foreach (var (key, value) in Arguments(run, part).Members)
            {
                var name = $"DESTINATION__{section}__{key.ToUpperInvariant()}";
                if (value.IsNull || value.Equals(JsonValue.String(Unset))) values.Remove(name);
                else values[name] = value.Kind == JsonKind.String ? value.AsString() : JsonText.Write(value);
            }

        foreach (var (key, value) in _golden["given"]?["env"]?.Members.AsEnumerable() ?? []) values[key] = value.AsString();
        return DltConfiguration.Load(new RunContext(_work, Path.Combine(_work, "global"), n => values.GetValueOrDefault(n)));
    }

    /// <summary>Files named <c>.keep</c> stand for empty folders (README).</summary>
    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (Path.GetFileName(file) != ".keep") File.Copy(file, target);
        }
    }

    [GeneratedRegex("^DROP DATABASE `([^`]+)` CASCADE$")]
    private static partial Regex DropDatabase();
}

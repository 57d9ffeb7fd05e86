using Dlt.Configuration;
using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Rest;

/// <summary>
/// Runs the runs of a case against its API, and compares requests, outcome, tables, schema and state. A case of one run ends with its load
/// package; one of several, or with a merge, loads into a local account.
/// </summary>
internal sealed class RestRunner : IDisposable
{
    private const string DefaultName = "rest_api";

    private readonly GoldenCase _golden;
    private readonly string _folder = Directory.CreateTempSubdirectory("dlt-golden-rest-").FullName;
    private readonly WaitingClock _clock = new();
    private readonly CaseAccount? _account;
    private readonly Dlt.Pipeline _pipeline;
    private CaseApi _api = null!;
    private readonly List<string> _warnings = [];
    private JsonValue? _schema;

    private RestRunner(GoldenCase golden)
    {
        _golden = golden;
        if (golden.Expected.Items.Length > 1 || GoldenJson.Any(golden["config"], IsMerge))
            _account = new(Path.Combine(_folder, "account"), LoadedTables.BucketUrl);
        _pipeline = Dlt.Pipeline.Create(Name, _account is null ? Dlt.Athena.Destination() : new AccountDestination(_account), "ds", new()
        {
            PipelinesFolder = _folder,
            Configuration = Configuration(),
            Warn = _warnings.Add,
            Time = _clock,
            HttpHandler = network => CaseConnection.Connect(network, () => _api),
        });
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Name => _golden["name"]!.AsString();

    private string SourceName => _golden["source"]?["name"]?.AsString() ?? DefaultName;

    public static async Task CheckAsync(GoldenCase golden)
    {
        using var runner = new RestRunner(golden);
        foreach (var run in golden.Expected.Items) await runner.RunAsync(run);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task RunAsync(JsonValue run)
    {
        _warnings.Clear();
        _api = new([.. run["exchanges"]!.Items.Select(e => new CaseExchange(e))], _clock);
        List<string> detected = [];
        var (step, error) = await LoadAsync(run["config"] ?? _golden["config"]!, detected);
        List<string> problems = [.. RestOutcome.Problems(run["outcome"]!, step, error)];
        problems.AddRange(_api.Problems(_golden["unordered"] is { Kind: JsonKind.True }));
        _schema = run["schema"] ?? _schema;
        var folder = new WorkingFolder(Path.Combine(_folder, Name));
        problems.AddRange(await RestEndState.ProblemsAsync(run, _schema, folder, SourceName, _account));
        foreach (var word in run["warns"]?.Items ?? [])
            if (!_warnings.Exists(w => w.Contains(word.AsString(), StringComparison.Ordinal))) problems.Add($"warning: none has {word}");
        if (error is null) problems.AddRange(RestDetections.Problems(run["detected"], detected));
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    /// <summary>Makes the source and runs it.</summary>
    /// <returns>The step that failed with its error; both are null for none.</returns>
    private async Task<(string? Step, Exception? Error)> LoadAsync(JsonValue config, List<string> detected)
    {
        var step = "config";
        try
        {
            var source = Source(config, detected);
            var open = await _pipeline.BeginAsync(Cancellation, connect: _account is not null);
            await using (open)
            {
                step = "extract";
                await open.ExtractAsync(source, Cancellation);
                step = "normalize";
                open.Normalize(Cancellation);
                step = "load";
                if (_account is not null) await open.LoadAsync(Cancellation);
            }

            return (null, null);
        }
        catch (ConfigurationException error) when (step == "extract" && !_api.WasAsked)
        {
            return ("config", error);   // a setting that is missing is found before the first request
        }
        catch (Exception error) when (error is not (NotDrivenException or OperationCanceledException))
        {
            return (step, error);
        }
    }

    private Source Source(JsonValue config, List<string> detected)
    {
        var read = RestApi.FromJson(JsonText.Write(config));
        var source = RestApi.Source(SourceName, read with { Client = read.Client with { Detected = RestDetections.Into(detected) } });
        return source with
        {
            MaxTableNesting = _golden["source"]?["max_table_nesting"] is { } nesting ? (int)nesting.AsInt64() : null,
            SchemaContract = SchemaContract.Parse(_golden["source"]?["schema_contract"]),
        };
    }

    private static bool IsMerge(JsonValue json) => json.Equals(JsonValue.String("merge"));

    private DltConfiguration Configuration()
    {
        var values = new Dictionary<string, string>
        {
            ["RUNTIME__REQUEST_MAX_ATTEMPTS"] = "3",
            ["RUNTIME__REQUEST_BACKOFF_FACTOR"] = "0",
            ["EXTRACT__WORKERS"] = "1",   // one resource after another
            ["DESTINATION__FILESYSTEM__BUCKET_URL"] = LoadedTables.BucketUrl,
            ["DESTINATION__ATHENA__FORCE_ICEBERG"] = "true",
        };
        foreach (var (key, value) in _golden["settings"]?.Members.AsEnumerable() ?? [])
            values[key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant()] =
                value.Kind == JsonKind.String ? value.AsString() : value.ToString();
        return DltConfiguration.Load(new RunContext(_folder, Path.Combine(_folder, "global"), n => values.GetValueOrDefault(n)));
    }
}

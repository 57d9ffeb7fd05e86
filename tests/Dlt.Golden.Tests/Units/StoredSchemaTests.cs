using Apache.Arrow;
using Apache.Arrow.Ipc;
using Dlt.Configuration;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;

using Xunit;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Golden.Units;

public class StoredSchemaTests
{
    private static readonly string[] Hints = [
        "write_disposition", "primary_key", "merge_key", "columns", "table_format", "max_table_nesting", "references", "nested_hints",
            "schema_contract"];

    /// <summary>
    /// Words of <c>input</c> (README of dlt/units); <c>arrow</c> and <c>table_name</c> say in words what other members say.
    /// </summary>
    private static readonly string[] Known = [
        .. Hints, "resource", "source", "resources", "root_key", "rows", "pages", "arrow_ipc", "arrow", "incremental", "table_name_of",
            "table_name", "config", "restore_from_destination", "runs", "state"];

    public static TheoryData<string> Cases => UnitFile.Ids("pipelines", "pipeline");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Runs_leave_the_schema_files_of_dlt(string id) =>
        UnitFile.Run("pipelines", id, test => RunAsync(test, observed: null).GetAwaiter().GetResult());

    /// <summary>What our runs leave, in the form of an expectation, with the rows of their packages.</summary>
    public static JsonValue Observe(JsonValue test)
    {
        var steps = new List<JsonValue>();
        RunAsync(test, steps).GetAwaiter().GetResult();
        return JsonValue.Array([.. steps]);
    }

    private static async Task RunAsync(JsonValue test, List<JsonValue>? observed)
    {
        var input = test["input"]!;
        Words.Check(input, "input", Known);
        var work = Directory.CreateTempSubdirectory("dlt-golden-schema-").FullName;
        try
        {
            var name = test["pipeline_name"]!.AsString();
            var loads = 0;
            var settings = (input["config"]?.Members.AsEnumerable() ?? [])
                .ToDictionary(
                    m =>
                        m.Key.Replace(".", "__", StringComparison.Ordinal).ToUpperInvariant(), m =>
                            m.Value.Kind == JsonKind.String ? m.Value.AsString() : m.Value.ToString());
            var pipeline = Dlt.Pipeline.Create(name, Dlt.Athena.Destination(), "ds", new()
            {
                PipelinesFolder = work,
                Configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), settings.GetValueOrDefault)),
                Warn = _ => { },
                LoadIds = () => $"{1700000001 + loads++}.0",
                RestoreFromDestination = input["restore_from_destination"] is not { Kind: JsonKind.False },
            });
            var folder = new WorkingFolder(Path.Combine(work, name));
            var count = input["runs"]?.Items.Length ?? test["expected"]?.Items.Length ?? 1;
            for (var r = 0; r < count; r++)
            {
                Exception? error;
                await using (var run = await pipeline.BeginAsync(TestContext.Current.CancellationToken, connect: false))
                {
                    error = await Record.ExceptionAsync(async () =>
                    {
                        await run.ExtractAsync(Build(OfRun(input, r), name), TestContext.Current.CancellationToken);
                        run.Normalize(TestContext.Current.CancellationToken);
                    });
                }

                if (observed is not null)
                {
                    Assert.Null(error);
                    observed.Add(Observed(folder));
                    continue;
                }

                var expected = test["expected"]!.Items[r];
                if (ErrorOutcome.IsError(expected)) ErrorOutcome.Check(expected, error);
                else Assert.True(error is null, $"No error was expected: {error}");
                if (error is null) Compare(expected, folder);
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>The input of a run: its members are laid over those of the case.</summary>
    private static JsonValue OfRun(JsonValue input, int run)
    {
        if (input["runs"] is not { } runs) return input;
        var own = runs.Items[run];
        return own.Kind == JsonKind.Array ? input.With("rows", own) : JsonValue.Object(input.Members.Concat(own.Members));
    }

    private static void Compare(JsonValue expected, WorkingFolder folder)
    {
        Words.Check(expected, "expected", "schemas", "packages", "files_after_extract", "files_after_normalize", "rows");
        foreach (var (schema, stored) in expected["schemas"]!.Members)
        {
            var actual = folder.LoadSchema(schema, 255)!;
            // previous_hashes also lists schemas that dlt stores during extract; they are never stored here.
            var file = JsonParser.Parse(stored["file"]!.AsString()).Without("previous_hashes");
            var own = JsonParser.Parse(File.ReadAllText(Path.Combine(folder.Path, "schemas", schema + ".schema.json")))
                .Without("previous_hashes");
            foreach (var (table, known) in file["tables"]!.Members) Assert.Equal(
                known["columns"]!.Members.Names, own["tables"]![table]!["columns"]!.Members.Names);
            Assert.Equal(JsonText.Write(file, sortKeys: true), JsonText.Write(own, sortKeys: true));
            Assert.Equal(stored["version"]!.AsInt64(), actual.Version);
            Assert.Equal(stored["version_hash"]!.AsString(), actual.VersionHash);
            if (stored["previous_hashes"] is { } previous) Assert.Subset(
                previous.Items.Select(h => h.AsString()).ToHashSet(), actual.PreviousHashes.ToHashSet());
        }

        foreach (var (load, package) in expected["packages"]?.Members.AsEnumerable() ?? []) Compare(load, package, folder);
        foreach (var (table, rows) in expected["rows"]?.Members.AsEnumerable() ?? []) Assert.Equal(
            JsonText.Write(rows, sortKeys: true), JsonText.Write(Rows(folder)[table]!, sortKeys: true));
        if (expected["files_after_normalize"]?["state.json"] is { Kind: JsonKind.String } state) StateChecks.Check(
            JsonParser.Parse(state.AsString()), folder.LoadState()!.Json);
    }

    /// <summary>Tables with files, and updates of the schema; file ids are a counter in the expectation.</summary>
    private static void Compare(string loadId, JsonValue expected, WorkingFolder folder)
    {
        static string TableOf(string job) => job[..job.IndexOf('.', StringComparison.Ordinal)];
        var package = WorkingFolder.Packages(folder.Normalized).Single(p => p.LoadId == loadId);
        Assert.Equal(
            expected["jobs"]!.Items.Select(j => TableOf(j.AsString())).Distinct().Order(StringComparer.Ordinal),
            package.Jobs(PackageFolders.NewJobs).Select(f => JobFileName.Parse(Path.GetFileName(f)).Table).Distinct()
                .Order(StringComparer.Ordinal));
        if (expected["schema_updates"] is { } updates) Assert.Equal(
            JsonText.Write(updates, sortKeys: true),
                JsonText.Write(AtomicFile.ReadJson(package.PathOf(PackageFolders.SchemaUpdates)), sortKeys: true));
    }

    private static JsonValue Observed(WorkingFolder folder)
    {
        var schemas = folder.SchemaNames().Select(name =>
        {
            var schema = folder.LoadSchema(name, 255)!;
            return KeyValuePair.Create(name, JsonValue.Object(
                ("file", JsonValue.String(File.ReadAllText(Path.Combine(folder.Path, "schemas", name + ".schema.json")))),
                    ("version", JsonValue.Integer(schema.Version)), ("version_hash", JsonValue.String(schema.VersionHash))));
        });
        return JsonValue.Object(("schemas", JsonValue.Object(schemas)), ("rows", Rows(folder)));
    }

    private static JsonValue Rows(WorkingFolder folder) =>
        JsonValue.Object(PackageRows.Read(WorkingFolder.Packages(folder.Normalized), p => p.LoadSchema(255))
        .Where(t => !SystemTables.IsSystemName(t.Key))
        .Select(
            t =>
                KeyValuePair.Create(
                    t.Key,
                        JsonValue.Array(
                            [.. t.Value.Select(
                                r => JsonValue.Object(r.Members.Where(m => !m.Key.StartsWith("_dlt", StringComparison.Ordinal))))]))));

    /// <summary>An Arrow table, from the base64 of its stream.</summary>
    public static RecordBatch Table(JsonValue base64)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(Convert.FromBase64String(base64.AsString())));
        return reader.ReadNextRecordBatch()!;
    }

    private static Source Build(JsonValue input, string pipelineName)
    {
        if (input["arrow_ipc"] is { } table) return new(
            Schema.NameFromPipeline(pipelineName), Resource.Create(input["resource"]!.AsString(), [Table(table)]));

        var resources = input["resources"]?.Members.Select(r => Description(input, r.Key, r.Value)) ?? [
            Description(input, input["resource"]?.AsString() ?? "orders", null)];   // the source of the vectors is a shop with orders
        var source = JsonValue.EmptyObject;
        if (input["source"] is { } sourceName)
        {
            source = source.With("name", sourceName);
            foreach (var setting in new[] { "max_table_nesting", "root_key" })
                if (input[setting] is { } value) source = source.With(setting, value);
        }

        return new CaseResources("", null)
            .Build(
                JsonValue.Object(("source", source), ("resources", JsonValue.Array([.. resources]))),
                    Schema.NameFromPipeline(pipelineName));
    }

    private static JsonValue Description(JsonValue input, string name, JsonValue? rows)
    {
        var description = JsonValue.Object(("name", JsonValue.String(name)));
        if (rows is null && input["pages"] is { } pages) description = description.With("pages", pages);
        else description = description.With("items", rows ?? input["rows"] ?? throw new NotDrivenException("an input without rows"));
        foreach (var hint in Hints)
            if (input[hint] is { } value && !(hint == "max_table_nesting" && input["source"] is not null)) description = description.With(
                hint, value);
        if (input["incremental"] is { } cursor) description = description.With("incremental", JsonValue.Object(("cursor_path", cursor)));
        if (input["table_name_of"] is { } tableOf) description = description.With("table_name", tableOf);
        if (input["state"] is { } state) description = description.With("state", state);
        return description;
    }
}

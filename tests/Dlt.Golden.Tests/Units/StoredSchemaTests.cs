using Dlt.Configuration;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Packages;
using Xunit;

namespace Dlt.Golden.Units;

public class StoredSchemaTests
{
    private static readonly string[] Hints = ["write_disposition", "primary_key", "merge_key", "columns", "table_format", "max_table_nesting", "references", "nested_hints"];

    public static TheoryData<string> Cases => UnitFile.Ids("pipelines", "pipeline");

    [Theory, MemberData(nameof(Cases))]
    public void Runs_leave_the_schema_files_of_dlt(string id) => UnitFile.Run("pipelines", id, test => CheckAsync(test).GetAwaiter().GetResult());

    private static async Task CheckAsync(JsonValue test)
    {
        var work = Directory.CreateTempSubdirectory("dlt-golden-schema-").FullName;
        try
        {
            var input = test["input"]!;
            var name = test["pipeline_name"]!.AsString();
            var loads = 0;
            var pipeline = Dlt.Pipeline.Create(name, Dlt.Athena.Destination(), "ds", new()
            {
                PipelinesFolder = work,
                Configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), key => input["arrow"]?.AsString().Contains(key.Split("__")[^1].ToLowerInvariant(), StringComparison.Ordinal) == true && key.StartsWith("NORMALIZE__PARQUET_NORMALIZER__", StringComparison.Ordinal) ? "true" : null)),
                Warn = _ => { },
                LoadIds = () => $"{1700000001 + loads++}.0",
                RestoreFromDestination = input["restore_from_destination"] is not { Kind: JsonKind.False },
            });
            var folder = new WorkingFolder(Path.Combine(work, name));
            var runs = input["runs"]?.Items ?? [.. test["expected"]!.Items.Select(_ => input["rows"] ?? JsonValue.EmptyArray)];
            for (var r = 0; r < runs.Length; r++)
            {
                var expected = test["expected"]!.Items[r];
                await using (var run = await pipeline.BeginAsync(TestContext.Current.CancellationToken, connect: false))
                {
                    await run.ExtractAsync(Build(input, runs[r], name), TestContext.Current.CancellationToken);
                    run.Normalize(TestContext.Current.CancellationToken);
                }

                foreach (var (schema, stored) in expected["schemas"]!.Members)
                {
                    var actual = folder.LoadSchema(schema, 255)!;
                    // previous_hashes also tells of schemas that dlt stores half-way through extract, which are never stored here.
                    var file = JsonParser.Parse(stored["file"]!.AsString()).Without("previous_hashes");
                    var own = JsonParser.Parse(File.ReadAllText(Path.Combine(folder.Path, "schemas", schema + ".schema.json"))).Without("previous_hashes");
                    foreach (var (table, known) in file["tables"]!.Members) Assert.Equal(known["columns"]!.Members.Names, own["tables"]![table]!["columns"]!.Members.Names);
                    Assert.Equal(JsonText.Write(file, sortKeys: true), JsonText.Write(own, sortKeys: true));
                    Assert.Equal(stored["version"]!.AsInt64(), actual.Version);
                    Assert.Equal(stored["version_hash"]!.AsString(), actual.VersionHash);
                    Assert.Subset(stored["previous_hashes"]!.Items.Select(h => h.AsString()).ToHashSet(), actual.PreviousHashes.ToHashSet());
                }
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>What "as in pipeline-arrow" refers to.</summary>
    private const string ArrowTable = "int32 id, text s, timestamp[us, UTC] ts, timestamp[ns] naive, decimal128(10,2) dec, struct st, list ls, null nul, bool CamelCase, date32 dt, float32 f";

    private static Source Build(JsonValue input, JsonValue rows, string pipelineName)
    {
        if (input["arrow"] is { } words)
        {
            var table = ArrowDescription.Table(words.AsString().StartsWith("as in ", StringComparison.Ordinal) ? ArrowTable : words.AsString());
            return new(Dlt.Schemas.Schema.NameFromPipeline(pipelineName), Resource.Create(input["resource"]!.AsString(), [table]));
        }

        var resources = input["resources"]?.Members.Select(r => Description(input, r.Key, r.Value)) ?? [Description(input, input["resource"]?.AsString() ?? "orders", rows)];   // the source of the vectors is a shop with orders
        var source = JsonValue.EmptyObject;
        if (input["source"] is { } sourceName)
        {
            source = source.With("name", sourceName);
            foreach (var setting in new[] { "max_table_nesting", "root_key" })
                if (input[setting] is { } value) source = source.With(setting, value);
        }

        return new CaseResources("", JsonValue.EmptyObject).Build(JsonValue.Object(("source", source), ("resources", JsonValue.Array([.. resources]))), Dlt.Schemas.Schema.NameFromPipeline(pipelineName));
    }

    private static JsonValue Description(JsonValue input, string name, JsonValue rows)
    {
        var description = JsonValue.Object(("name", JsonValue.String(name)), ("items", rows));
        foreach (var hint in Hints)
            if (input[hint] is { } value && !(hint == "max_table_nesting" && input["source"] is not null)) description = description.With(hint, value);
        if (input["incremental"] is { } cursor) description = description.With("incremental", JsonValue.Object(("cursor_path", cursor)));
        if (input["table_name"] is { } table) description = description.With("table_name", table.AsString() == "value of type" ? JsonValue.Object(("$field", JsonValue.String("type"))) : table);
        return description;
    }
}

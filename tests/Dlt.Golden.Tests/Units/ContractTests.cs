using Dlt.Configuration;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Units;

public class ContractTests
{
    public static TheoryData<string> Cases => UnitFile.Ids("contracts", "");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Contracts_accept_drop_or_refuse_new_parts_as_in_dlt(string id) => UnitFile.Run("contracts", id, test =>
    {
        var expected = test["expected"]!;
        if (ErrorOutcome.IsError(expected) && test["second"] is null)
        {
            ErrorOutcome.Throws(expected, () =>
            {
                var hints = new ResourceHints { SchemaContract = SchemaContract.Parse(test["contract"]) };
                Resource.Create("r", [JsonValue.EmptyObject], hints);
            });
            return;
        }

        CheckAsync(test, expected).GetAwaiter().GetResult();
    });

    private static async Task CheckAsync(JsonValue test, JsonValue expected)
    {
        var work = Directory.CreateTempSubdirectory("dlt-golden-contract-").FullName;
        try
        {
            var loads = 0;
            var pipeline = Dlt.Pipeline.Create("contracts", Dlt.Athena.Destination(), "ds", new()
            {
                PipelinesFolder = work,
                Configuration = DltConfiguration.Load(new RunContext(work, Path.Combine(work, "global"), _ => null)),
                Warn = _ => { },
                RowIds = new CountingIds(),
                LoadIds = () => $"{1700000001 + loads++}.0",
            });
            var known = new HashSet<string>();
            var runs = new[] { "first", "second" }.Where(r => test[r] is { IsNull: false }).ToList();
            var steps = expected["steps"]!.Items;
            for (var i = 0; i < runs.Count; i++)
            {
                var isFirst = runs[i] == "first";
                var error = await RunAsync(pipeline, test[runs[i]]!, isFirst ? "items" : test["resource"]?.AsString() ?? "items",
                    isFirst ? (NotNull(test["first_contract"]), null, null) : Contracts(test));
                if (i < runs.Count - steps.Length) continue;   // one step has the outcome of both runs
                var step = steps[i - (runs.Count - steps.Length)];
                if (ErrorOutcome.IsError(step))
                {
                    ErrorOutcome.Check(step, error);
                    continue;
                }

                Assert.Null(error);
                AssertRows(step["rows"]!, new WorkingFolder(Path.Combine(work, "contracts")), known);
            }

            if (expected["tables"] is null) return;   // nothing was ever stored
            var schema = new WorkingFolder(Path.Combine(work, "contracts")).LoadSchema("src", 255)!;
            foreach (var (name, table) in expected["tables"]!.Members)
            {
                var actual = schema.Table(name);
                Assert.Equal(table["columns"]!.Items.Select(c => c["name"]!.AsString()), actual.Columns.Select(c => c.Name));
                var json = actual.ToJson().With("columns", JsonValue.Array([.. actual.Columns.Select(c => c.Properties)]));
                Assert.Equal(JsonText.Write(table, sortKeys: true), JsonText.Write(json, sortKeys: true));
            }

            Assert.Equal(JsonText.Write(expected["settings"]!, sortKeys: true), JsonText.Write(schema.Settings, sortKeys: true));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static JsonValue? NotNull(JsonValue? contract) => contract is { IsNull: false } ? contract : null;

    private static (JsonValue? Resource, JsonValue? Source, JsonValue? Run) Contracts(JsonValue test)
    {
        if (test["level"] is not { } level)
            return (NotNull(test["resource_contract"]), NotNull(test["source_contract"]), NotNull(test["run_contract"]));
        var contract = test["contract"];
        return level.AsString() switch
        {
            "resource" => (contract, null, null),
            "source" => (null, contract, null),
            _ => (null, null, contract)
        };
    }

    private static async Task<DltException?> RunAsync(Dlt.Pipeline pipeline, JsonValue items,
        string resource, (JsonValue? Resource, JsonValue? Source, JsonValue? Run) contracts)
    {
        var source = new Source("src",
            [Resource.Create(resource, [items], new() { SchemaContract = SchemaContract.Parse(contracts.Resource) })])
        { SchemaContract = SchemaContract.Parse(contracts.Source) };
        await using var run = await pipeline.BeginAsync(TestContext.Current.CancellationToken, connect: false);
        try
        {
            run.Context.RunContract = SchemaContract.Parse(contracts.Run);
            await run.ExtractAsync(source, TestContext.Current.CancellationToken);
            run.Normalize(TestContext.Current.CancellationToken);
            return null;
        }
        catch (DltException error)
        {
            return error;
        }
    }

    private static void AssertRows(JsonValue expected, WorkingFolder folder, HashSet<string> known)
    {
        var packages = WorkingFolder.Packages(folder.Normalized).Where(p => known.Add(p.LoadId)).ToList();
        var rows = PackageRows.Read(packages, p => p.LoadSchema(255));
        rows.Remove(SystemTables.State);
        Assert.Equal(expected.Members.Where(t => t.Value.Items.Length > 0).Select(t => t.Key).Order(StringComparer.Ordinal),
            rows.Keys.Order(StringComparer.Ordinal));
        foreach (var (table, own) in rows)
            Assert.Equal(expected[table]!.Items.Select(Text), own.Select(Text));
    }

    private static string Text(JsonValue row) => CanonicalRows.Text(JsonValue.Object(row.Members.Where(m => !m.Value.IsNull)));
}

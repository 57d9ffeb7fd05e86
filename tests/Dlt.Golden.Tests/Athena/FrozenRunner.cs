using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Packages;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Reads, restores and continues a dataset that Python dlt left behind.</summary>
internal sealed class FrozenRunner(GoldenCase golden, ScenarioRunner runner)
{
    private const int Engine = 11;
    private const string Versions = "_dlt_version";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(GoldenCase golden)
    {
        if (ScenarioShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var runner = new ScenarioRunner(golden);
        var frozen = new FrozenRunner(golden, runner);
        await runner.ContinueAsync(FrozenDataset.KeepsFolder(golden));
        await (golden["check"]!.AsString() switch
        {
            FrozenDataset.Read => frozen.ReadAsync(),
            FrozenDataset.Restore => frozen.RestoreAsync(),
            _ => frozen.NextAsync(),
        });
    }

    /// <summary>Reads every table, those of the staging dataset too.</summary>
    private async Task ReadAsync()
    {
        foreach (var (database, tables) in golden.Expected["tables"]!.Members)
        {
            var before = tables.Members.ToDictionary(t => t.Key, t => TableState.Of(t.Value), StringComparer.Ordinal);
            var after = new Dictionary<string, TableState>(StringComparer.Ordinal);
            await foreach (var table in runner.Account.Inner.Glue.GetTablesAsync(database, Cancellation))
                after[table.Name] = await TableState.ReadAsync(runner.Account.Inner, table, Cancellation);
            Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
            foreach (var (name, table) in before) EndState.CheckTable(name, table, after[name]);
            RowTexts.Check(before, after, JsonValue.EmptyObject);
        }
    }

    /// <summary>An empty machine gets the state and the schemas that the working folder has, with their hashes.</summary>
    private async Task RestoreAsync()
    {
        Assert.True(await runner.Open(JsonValue.EmptyObject).SyncAsync(Cancellation), "Nothing was restored.");
        var name = golden["given"]!["pipeline"]!["pipeline_name"]!.AsString();
        var made = new WorkingFolder(Path.Combine(golden["folder"]!.AsString(), "working_dir", name));
        var ours = new WorkingFolder(Path.Combine(runner.Pipelines, name));
        StateChecks.Check(made.LoadState()!.Json.Without("_local"), ours.LoadState()!.Json);
        Assert.Equal(made.SchemaNames().Order(StringComparer.Ordinal), ours.SchemaNames().Order(StringComparer.Ordinal));
        foreach (var schema in made.SchemaNames())
            Assert.Contains(HashOf(ours, schema), Hashes(made, schema));
    }

    /// <summary>
    /// The hash of the schema; of one with an older engine, which the restore migrates, those that the next run of dlt had.
    /// </summary>
    private IEnumerable<string> Hashes(WorkingFolder made, string schema)
    {
        var file = JsonParser.Parse(File.ReadAllBytes(Path.Combine(made.Path, "schemas", schema + ".schema.json")));
        if (file["engine_version"]!.AsInt64() == Engine) return [file["version_hash"]!.AsString()];
        var next = JsonParser.Parse(File.ReadAllBytes(Path.Combine(golden["folder"]!.AsString(), "next", "newest_local.json")));
        return next["bindings"]!.Members.Where(b => b.Key.StartsWith("<hash", StringComparison.Ordinal)).Select(b => b.Value.AsString());
    }

    private async Task NextAsync()
    {
        await runner.RunAsync(golden["runs"]!.Items[0], golden.Expected["runs"]!.Items[0]);
        await EndState.CheckAsync(golden.Expected, runner.Account.Inner, runner.StagingLayout, Cancellation);
        await CheckStagingAsync();
    }

    /// <summary>
    /// Both datasets have the versions that dlt would store, so that it changes no table in its next run: those of the staging dataset have
    /// all columns then.
    /// </summary>
    private async Task CheckStagingAsync()
    {
        var all = golden.Expected["end_state"]!.Members;
        foreach (var (database, tables) in all)
        {
            if (!all.Names.Any(d => runner.StagingLayout.Replace("%s", d, StringComparison.Ordinal) == database)) continue;
            var before = new Dictionary<string, TableState> { [Versions] = TableState.Of(tables[Versions]!) };
            var stored = await runner.Account.Inner.Glue.GetTableAsync(database, Versions, Cancellation);
            var after = new Dictionary<string, TableState>
            {
                [Versions] = await TableState.ReadAsync(runner.Account.Inner, stored!, Cancellation),
            };
            RowTexts.Check(before, after, golden.Expected["bindings"]!);
            foreach (var (name, table) in tables.Members)
            {
                if (!all.Any(d => d.Key != database && d.Value[name] is not null)) continue;   // a scratch table of a merge
                var found = await runner.Account.Inner.Glue.GetTableAsync(database, name, Cancellation);
                Assert.True(found is not null, $"{database}.{name} is missing.");
                var missing = TableState.Of(table).Columns.Select(c => c.Name).Except(found.Columns.Select(c => c.Name));
                Assert.Equal($"{name} lacks ", $"{name} lacks {string.Join(", ", missing)}");
            }
        }
    }

    private static string HashOf(WorkingFolder folder, string schema) => folder.LoadSchema(schema, null)!.VersionHash!;
}

using System.IO.Compression;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

public sealed class IcebergCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_commands_of_iceberg_show_schema_snapshots_files_and_rows_of_a_loaded_table()
    {
        await LoadAsync("""{"id":1,"country":"de"}""", """{"id":2,"country":"fr"}""");
        await LoadAsync("""{"id":3,"country":"de","late":1.5}""");
        Assert.Contains("country string", (await Run("iceberg", "show", "ds.items", "--local")).Succeeded(), StringComparison.Ordinal);
        var snapshots = await JsonAsync("iceberg", "snapshots", "ds.items", "--local");
        Assert.Equal([2, 1], snapshots.Select(s => s["added_records"]!.AsInt64()));
        Assert.Equal(2, snapshots.Select(s => s["load_id"]!.AsString()).Distinct().Count());
        Assert.All(await JsonAsync("iceberg", "history", "ds.items", "--local"), h => Assert.True(h["is_current_ancestor"]!.AsBool()));
        Assert.Equal([2, 1], (await JsonAsync("iceberg", "files", "ds.items", "--local")).Select(f => f["records"]!.AsInt64())
            .OrderDescending());
        Assert.Equal(3, (await JsonAsync("iceberg", "rows", "ds.items", "--local")).Count);
        Assert.Equal([1, 3], (await JsonAsync("iceberg", "rows", "DS.Items", "--local", "--where", "country = 'de' and id >= 1"))
            .Select(r => r["id"]!.AsInt64()).Order());
        var before = await JsonAsync("iceberg", "rows", "ds.items", "--local", "--snapshot", $"{snapshots[0]["snapshot_id"]!.AsInt64()}");
        Assert.Equal(2, before.Count);
        Assert.DoesNotContain("late", before[0].Members.Names);
        Assert.Equal(3, (await JsonAsync("iceberg", "rows", "ds.items", "--local", "--ref", "main")).Count);
        Assert.Equal(2, (await JsonAsync("iceberg", "rows", "ds.items", "--local", "--as-of", snapshots[0]["committed_at"]!.AsString()))
            .Count);
        Assert.Contains("1.5", (await Run("iceberg", "rows", "ds.items", "--local")).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_table_is_read_by_its_metadata_file()
    {
        await LoadAsync("""{"id":1}""");
        JsonValue? expected = null;
        using (var zip = ZipFile.OpenRead(Path.Combine(Tool.Repository, "tests", "golden", "iceberg.zip")))
        {
            foreach (var entry in zip.Entries.Where(e => e.FullName.Contains("spark-v2-mor/", StringComparison.Ordinal)
                && e.Name.Length > 0))
            {
                var path = Path.Combine(_folder.Path, ".dlt-local", "s3", "golden", entry.FullName);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path);
                if (entry.Name == "expected.json")
                    expected = JsonParser.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
            }
        }

        var rows = await JsonAsync("iceberg", "rows", expected!["metadataLocation"]!.AsString(), "--local");
        Assert.Equal(expected["head"]!["rows"]!.Items.Select(r => JsonText.Write(r)).Order(StringComparer.Ordinal),
            rows.Select(r => JsonText.Write(r)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Errors_are_one_line()
    {
        (string Said, string[] Arguments)[] mistakes =
        [
            ("There is no table 'ds.nope'", ["rows", "ds.nope"]),
            ("'items' is neither dataset.table nor", ["show", "items"]),
            ("does not exist", ["show", "s3://lake/ds/items/metadata/none.metadata.json"]),
            ("is not an Iceberg table", ["rows", "ds.plain"]),
            ("'nope'", ["rows", "ds.items", "--where", "nope = 1"]),
            ("'id', which is bigint", ["rows", "ds.items", "--where", "id = 'x'"]),
            ("character", ["rows", "ds.items", "--where", "id = "]),
            ("12345", ["rows", "ds.items", "--snapshot", "12345"]),
            ("'old'", ["files", "ds.items", "--ref", "old"]),
            ("2001", ["rows", "ds.items", "--as-of", "2001-01-01T00:00:00Z"]),
            ("Give only one of them", ["rows", "ds.items", "--snapshot", "1", "--ref", "main"]),
        ];
        await LoadAsync("""{"id":1}""");
        foreach (var (said, arguments) in mistakes)
        {
            var result = await Run(["iceberg", .. arguments, "--local"]);
            Assert.NotEqual(0, result.ExitCode);
            Assert.Contains(said, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
            Assert.Equal("", result.Output);
        }
    }

    /// <summary>
    /// Loads lines into <c>ds.items</c>, an Iceberg table. <c>_dlt_pipeline_state</c> existed before, so it stays an external table.
    /// </summary>
    private async Task LoadAsync(params string[] lines)
    {
        _folder.Write("items.jsonl", string.Join('\n', lines));
        if (!File.Exists(_folder.File(".dlt", "config.toml")))
        {
            (await Run("load", "items.jsonl", "--dataset", "ds", "--table", "plain", "--local", "--quiet")).Succeeded();
            _folder.Write(".dlt/config.toml", "[destination.athena]\nforce_iceberg = true\n");
        }

        (await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local", "--quiet")).Succeeded();
    }

    private async Task<List<JsonValue>> JsonAsync(params string[] arguments) =>
        [.. (await Run([.. arguments, "--output", "json"])).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(l => JsonParser.Parse(l))];

    private Task<ToolResult> Run(params string[] arguments) => DltCommand.RunAsync(_folder.Path, arguments);
}

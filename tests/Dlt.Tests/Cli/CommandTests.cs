using Dlt.Cli.Loading;
using Dlt.Json;
using Dlt.Sources.Files;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Init_writes_missing_files_and_keeps_existing_ones()
    {
        var first = (await Run("init", "chess", "athena")).Succeeded();
        Assert.Equal(4, first.Split('\n').Count(l => l.StartsWith("wrote", StringComparison.Ordinal)));
        File.WriteAllText(_folder.File(".dlt", "secrets.toml"), "mine");
        var second = (await Run("init", "chess", "athena")).Succeeded();
        Assert.Equal(4, second.Split('\n').Count(l => l.StartsWith("kept", StringComparison.Ordinal)));
        Assert.Equal("mine", File.ReadAllText(_folder.File(".dlt", "secrets.toml")));
        Assert.Contains("secrets.toml", File.ReadAllText(_folder.File(".gitignore")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_writes_the_keys_of_the_documentation()
    {
        (await Run("init", "chess", "athena")).Succeeded();
        var secrets = Dlt.Configuration.TomlFile.Read(_folder.File(".dlt", "secrets.toml"))["destination"]!;
        Assert.Equal(["bucket_url", "credentials"], secrets["filesystem"]!.Members.Names);
        Assert.Equal(["aws_access_key_id", "aws_secret_access_key"], secrets["filesystem"]!["credentials"]!.Members.Names);
        Assert.Equal(["query_result_bucket", "credentials"], secrets["athena"]!.Members.Names);
        Assert.Equal(["aws_access_key_id", "aws_secret_access_key", "region_name"], secrets["athena"]!["credentials"]!.Members.Names);
    }

    [Fact]
    public async Task Init_refuses_unknown_arguments_and_writes_nothing()
    {
        var result = await Run("init", "nope", "athena");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("chess", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Load_keeps_rejects_when_that_is_asked_for()
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":}\n{\"a\":3}\n");
        var raised = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local");
        Assert.NotEqual(0, raised.ExitCode);
        Assert.Contains("line 2", raised.Error, StringComparison.Ordinal);
        var kept = (await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local", "--on-error", "reject")).Succeeded();
        Assert.Contains("- items: 2 row(s)", kept, StringComparison.Ordinal);
        Assert.Contains("- _dlt_rejected: 1 row(s)", kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tables", "SELECT value FROM items__tags", "t")]
    [InlineData("columns", "SELECT o.tags[1] FROM (SELECT tags, t AS o FROM items)", "u")]
    [InlineData("json", "SELECT tags FROM items", "[\"t\"]")]
    public async Task Nested_data_is_loaded_as_the_option_asks(string nested, string sql, string expected)
    {
        _folder.Write("items.jsonl", """{"tags":["t"],"t":{"tags":["u"]}}""");
        (await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--nested", nested, "--local")).Succeeded();
        Assert.Contains(expected, (await Run("query", "ds", sql, "--local")).Succeeded(), StringComparison.Ordinal);
    }

    [Theory, InlineData("", "items"), InlineData("ds", " ")]
    public async Task Names_must_not_be_blank(string dataset, string table)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        var result = await Run("load", "items.jsonl", "--dataset", dataset, "--table", table, "--local");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("not blank", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
    }

    [Fact]
    public async Task Placeholders_are_an_error_that_names_file_key_and_remedies_and_nothing_is_written()
    {
        (await Run("init", "chess", "athena")).Succeeded();
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        var result = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items");
        Assert.NotEqual(0, result.ExitCode);
        foreach (var part in new[] { "secrets.toml", "destination.filesystem", "--local" })
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")) || Directory.Exists(_folder.File("data")));
    }

    [Fact]
    public async Task A_missing_value_names_every_place_that_was_looked_at()
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        var result = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items");
        Assert.NotEqual(0, result.ExitCode);
        foreach (var part in new[]
        { "bucket_url", "DESTINATION__FILESYSTEM__BUCKET_URL", "DESTINATION__BUCKET_URL", "secrets.toml", "config.toml" }) Assert.Contains(
        part, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_toml_names_file_line_and_column()
    {
        _folder.Write(".dlt/config.toml", "[destination]\nx = \n");
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        var result = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches(@"config\.toml: line 2, column \d+: ", result.Error);
    }

    [Fact]
    public async Task An_unknown_key_is_a_warning_with_the_nearest_known_one()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.filesystem]\nbucket_url = \"nonsense\"\nlayuot = "
            + "\"x\"\n[destination.athena]\nquery_result_bucket = \"s3://y\"\n");
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        var result = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items");
        Assert.Contains("layuot", result.Error, StringComparison.Ordinal);
        Assert.Contains("'layout'", result.Error, StringComparison.Ordinal);
        Assert.Contains("nonsense", result.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, result.ExitCode);
    }

    [Fact]
    public async Task A_file_is_loaded_queried_in_three_forms_and_its_pipeline_shown()
    {
        _folder.Write("items.jsonl", "{\"a\":1,\"b\":\"x, \\\"y\\\"\"}\n{\"a\":2}\n");
        var loaded = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local");
        Assert.Contains("items: 2 row(s)", loaded.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("Normalize", loaded.Error, StringComparison.Ordinal);
        const string Sql = "SELECT a, b FROM items ORDER BY a";
        Assert.Equal("{\"a\":1,\"b\":\"x, \\\"y\\\"\"}\n{\"a\":2,\"b\":null}\n",
            (await Run("query", "ds", Sql, "--local", "--output", "json")).Succeeded());
        Assert.Equal("a,b\n1,\"x, \"\"y\"\"\"\n2,\n", (await Run("query", "ds", Sql, "--local", "--output", "csv")).Succeeded());
        Assert.Contains("(2 rows)", (await Run("query", "ds", Sql, "--local")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains(
            "items with 1 table(s)", (await Run("pipeline", "load_ds", "info", "--local")).Succeeded(), StringComparison.Ordinal);
        var quiet = await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local", "--quiet");
        Assert.Equal("", quiet.Error);
    }

    [Theory]
    [InlineData("SELECT * FROM nope", "TABLE_NOT_FOUND")]
    [InlineData("SELECT\n nope FROM items", "COLUMN_NOT_FOUND: line 2:2")]
    [InlineData("SELECT FROM WHERE", "SYNTAX_ERROR: line 1:")]
    public async Task A_sql_error_has_athenas_name_its_place_and_an_exit_code(string sql, string expected)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n");
        (await Run("load", "items.jsonl", "--dataset", "ds", "--table", "items", "--local")).Succeeded();
        var result = await Run("query", "ds", sql, "--local");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_things_are_errors_of_one_line()
    {
        var query = await Run("query", "ds", "SELECT 1", "--local");
        Assert.NotEqual(0, query.ExitCode);
        Assert.Contains("There is no local account", query.Error, StringComparison.Ordinal);
        var file = await Run("load", "none.jsonl", "--dataset", "ds", "--table", "items", "--local");
        Assert.NotEqual(0, file.ExitCode);
        Assert.Contains("none.jsonl", file.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
        var pipeline = await Run("pipeline", "none", "info");
        Assert.NotEqual(0, pipeline.ExitCode);
        Assert.Contains("There is no pipeline 'none'", pipeline.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_version_are_printed()
    {
        Assert.Contains("init", (await Run("--help")).Succeeded(), StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+", (await Run("--version")).Succeeded());
    }

    private Task<ToolResult> Run(params string[] arguments) => DltCommand.RunAsync(_folder.Path, arguments);
}

using Dlt.Internal;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>Output of the commands, and their errors for wrong arguments.</summary>
public sealed class CommandFormTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_load_reports_where_the_data_is_and_a_query_that_can_be_pasted()
    {
        _folder.Write("a.jsonl", "{\"a\":42}\n");
        var info = (await Run("load", "a.jsonl", "--dataset", "Sales EU", "--table", "order", "--local")).Succeeded();
        var folder = _folder.File(".dlt-local", "s3", "lake", "sales_eu");
        Assert.Contains($"Data: s3://lake/sales_eu in the folder {folder}", info, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "order")));
        var query = info.Split('\n').Single(l => l.StartsWith("Query: ", StringComparison.Ordinal))["Query: ".Length..];
        Assert.Equal("dlt query sales_eu 'SELECT * FROM \"order\" LIMIT 10' --local", query);
        Assert.SkipUnless(Tool.Exists("bash"), "There is no bash here: the line was NOT pasted.");
        var program = $"dlt() {{ dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' \"$@\"; }}; {query}";
        Assert.Contains("42", (await Tool.RunAsync("bash", ["-c", program], _folder.Path)).Succeeded(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_load_info_is_one_json_object_where_that_is_asked_for()
    {
        _folder.Write("a.jsonl", "{\"a\":1,\"l\":[1,2]}\n{\"a\":}\n");
        var result = await Run("load", "a.jsonl", "--dataset", "ds", "--table", "t", "--local", "--on-error", "reject", "--output", "json");
        var info = JsonParser.Parse(result.Succeeded());
        Assert.Equal(1, info["rows"]!["t"]!.AsInt64());
        Assert.Equal(2, info["rows"]!["t__l"]!.AsInt64());
        Assert.Equal(1, info["rejected_rows"]!.AsInt64());
        Assert.Equal("dlt query ds \"SELECT * FROM t LIMIT 10\" --local", info["query"]!.AsString());
        var package = Assert.Single(info["packages"]!.Items);
        Assert.Equal(1, package["rows"]!["t"]!.AsInt64());
    }

    [Fact]
    public async Task Rejected_rows_leave_exit_code_0_until_there_are_more_than_may_be()
    {
        _folder.Write("a.jsonl", "{\"a\":1}\n{\"a\":}\n{\"a\":]\n");
        string[] load = ["load", "a.jsonl", "--dataset", "ds", "--table", "t", "--local", "--on-error", "reject"];
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var failed = await Run([.. load, "--max-rejects", "1"]);
            Assert.Equal(1, failed.ExitCode);
            Assert.Contains(
                "2 row(s) were rejected, and --max-rejects allows 1. Nothing was loaded", failed.Error, StringComparison.Ordinal);
            Assert.Contains("nothing waits", failed.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("They are in table", failed.Error, StringComparison.Ordinal);
        }

        var loaded = (await Run([.. load, "--max-rejects", "2"])).Succeeded();
        Assert.Contains("1 load package(s)", loaded, StringComparison.Ordinal);
        Assert.Single(loaded.Split('\n'), l => l.StartsWith("Rejected: 2 rows", StringComparison.Ordinal));
        Assert.Equal("1", await CountAsync());

        // A refused load, then a corrected one: only the rows of the second are loaded.
        _folder.Write("corrected.jsonl", "{\"a\":5}\n");
        (await Run([.. load, "--max-rejects", "2"])).Succeeded();
        Assert.Equal(1, (await Run([.. load, "--max-rejects", "0"])).ExitCode);
        (await Run("load", "corrected.jsonl", "--dataset", "ds", "--table", "t", "--local", "--max-rejects", "0")).Succeeded();
        Assert.Equal("3", await CountAsync());

        async Task<string> CountAsync() =>
            (await Run("query", "ds", "SELECT count(*) FROM t", "--local", "-o", "csv")).Succeeded().Trim().Split('\n')[^1];
    }

    [Fact]
    public async Task A_load_that_was_killed_is_not_taken_for_one_of_other_files()
    {
        _folder.Write("a.jsonl", "{\"a\":1}\n");
        _folder.Write("b.jsonl", "{\"a\":2}\n");
        var account = new LocalAthena(_folder.File(".dlt-local"));
        var killed = Pipeline.Create("load_ds", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(_folder.Path), Warn = _ => { }, RunKey = new("another", "") });
        await using (var run = await killed.BeginAsync(TestContext.Current.CancellationToken))
            await run.ExtractAsync(
                new Source("load_ds", FileResource.Create("t", _folder.File("a.jsonl"))), TestContext.Current.CancellationToken);
        (await Run("load", "b.jsonl", "--dataset", "ds", "--table", "t", "--local")).Succeeded();
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Pipelines_are_listed_and_a_named_one_is_shown()
    {
        Assert.Contains("There is no pipeline in", (await Run("pipeline")).Succeeded(), StringComparison.Ordinal);
        _folder.Write("a.jsonl", "{\"a\":1}\n");
        foreach (var dataset in new[] { "zoo", "abc" })
            (await Run("load", "a.jsonl", "--dataset", dataset, "--table", "t", "--local")).Succeeded();
        var lines = (await Run("pipeline", "--local")).Succeeded().Split('\n');
        Assert.Matches(@"^load_abc +\| abc +\| \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \| +0$", lines[3]);
        Assert.StartsWith("load_zoo", lines[4], StringComparison.Ordinal);
        Assert.Equal(
            (await Run("pipeline", "load_zoo", "info", "--local")).Succeeded(), (await Run("pipeline", "load_zoo", "--local")).Succeeded());
        Assert.Contains("Known are load_abc, load_zoo.", (await Run("pipeline", "none", "--local")).Error, StringComparison.Ordinal);
        Assert.Contains("dlt pipeline <name> info", (await Run("pipeline", "info")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_comes_from_a_file_or_from_standard_input()
    {
        await LoadAsync();
        _folder.Write("q.sql", "-- all\nSELECT a\nFROM t;\n");
        Assert.Equal("a\n1\n", (await Run("query", "ds", "--file", "q.sql", "--local", "-o", "csv")).Succeeded());
        Assert.SkipUnless(Tool.Exists("bash"), "There is no bash here: standard input was NOT tried.");
        var program = $"dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' query ds - --local -o csv < q.sql";
        Assert.Equal("a\n1\n", (await Tool.RunAsync("bash", ["-c", program], _folder.Path)).Succeeded());
    }

    [Theory]
    [InlineData("There is no statement in the argument", "")]
    [InlineData("There is no statement in the argument", "-- hi")]
    [InlineData("There is no statement in the argument", " /* a */ ; -- b\n")]
    [InlineData("Only one sql statement is allowed", "SELECT 1; SELECT 2")]
    [InlineData("There is no statement. Nothing was run. Give it")]
    [InlineData("There is no statement in standard input", "-")]
    [InlineData("given twice", "SELECT 1", "--file", "q.sql")]
    [InlineData("File does not exist: 'none.sql'", "--file", "none.sql")]
    public async Task No_statement_or_several_statements_are_an_error(string said, params string[] arguments)
    {
        await LoadAsync();
        var result = await Run(["query", "ds", .. arguments, "--local"]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_of_one_name_keep_their_values_in_json()
    {
        await LoadAsync();
        Assert.Equal("{\"a\":1,\"a_3\":2,\"a_2\":3}\n",
            (await Run("query", "ds", "SELECT 1 AS a, 2 AS a, 3 AS a_2", "--local", "-o", "json")).Succeeded());
    }

    [Fact]
    public async Task The_local_account_shows_all_tables()
    {
        await LoadAsync();
        Assert.Equal("name\n_dlt_loads\n_dlt_pipeline_state\n_dlt_version\nt\n",
            (await Run("query", "ds", "SHOW TABLES", "--local", "-o", "csv")).Succeeded());
    }

    [Fact]
    public async Task Rows_of_an_iceberg_table_come_as_csv()
    {
        await LoadAsync();
        var lines = (await Run("iceberg", "rows", "ds._dlt_loads", "--local", "-o", "csv")).Succeeded().Split('\n');
        Assert.Equal("load_id,schema_name,status,inserted_at,schema_version_hash", lines[0]);
        Assert.Matches(@"^\d+\.\d+,load_ds,0,", lines[1]);
    }

    [Theory]
    [InlineData("Option '--as-of': 'yesterday' is not a time", "iceberg", "rows", "ds.t", "--as-of", "yesterday")]
    [InlineData("Option '--as-of': '05/06/2024' is not a time", "iceberg", "rows", "ds.t", "--as-of", "05/06/2024")]
    [InlineData("Option '--as-of': '12:30' is not a time", "iceberg", "rows", "ds.t", "--as-of", "12:30")]
    [InlineData("Option '--snapshot': 'x' is not a whole number", "iceberg", "rows", "ds.t", "--snapshot", "x")]
    [InlineData("Option '--max-rejects': '-1' is not a whole number", "load", "a", "--dataset", "d", "--table", "t", "--max-rejects", "-1")]
    [InlineData("put it into quotes, \"SELECT 1\"", "query", "d", "SELECT", "1")]
    [InlineData("Option '--table' needs a value, and '--local' is an option", "load", "a", "--dataset", "d", "--table", "--local")]
    [InlineData("Option '--dataset' needs a value, and '--table' is an option", "load", "a", "--dataset", "--table", "t", "--local")]
    [InlineData("Option '--set-aside' needs a value, and '--local' is an option", "pipeline", "p", "retry", "--set-aside", "--local")]
    [InlineData("Option '--destination' needs a value, and '-y' is an option", "dataset", "drop", "d", "--destination", "-y")]
    [InlineData("Option '--file' needs a value, and '-o' is an option", "query", "d", "-f", "-o")]
    [InlineData("Required argument 'source' missing", "init")]
    [InlineData("'lod' was not matched", "lod")]
    public async Task A_wrong_command_line_is_answered_in_the_lines_that_matter(string said, params string[] arguments)
    {
        var result = await Run(arguments);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(said, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Output + result.Error, StringComparison.Ordinal);
        Assert.InRange((result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 2, 6);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_arguments_as_placeholders_and_shows_the_path_of_the_pages()
    {
        var help = (await Run("--help")).Succeeded();
        Assert.Contains("init <source> <destination>", help, StringComparison.Ordinal);
        Assert.Contains("Usage:\n  dlt init [<source> [<destination>]]", (await Run("init", "--help")).Succeeded().ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        var pages = help.Split('\n').SkipWhile(l => l.Trim() != "Documentation:").ElementAt(1).Trim().Split("   ")[0];
        Assert.True(File.Exists(Path.Combine(pages, "commands.md")), pages);
    }

    [Fact, Scenario("T-44")]
    public async Task A_table_name_of_300_characters_is_loaded_under_a_shorter_one()
    {
        _folder.Write("a.jsonl", "{\"a\":1}\n");
        var info = (await Run("load", "a.jsonl", "--dataset", "ds", "--table", new string('t', 300), "--local", "--output", "json"))
            .Succeeded();
        var table = JsonParser.Parse(info)["rows"]!.Members.Names.Single(n => n[0] == 't');
        Assert.Equal(255, table.Length);
        Assert.Equal("a\n1\n", (await Run("query", "ds", $"SELECT a FROM {table}", "--local", "-o", "csv")).Succeeded());
    }

    private async Task LoadAsync()
    {
        _folder.Write("a.jsonl", "{\"a\":1}\n");
        (await Run("load", "a.jsonl", "--dataset", "ds", "--table", "t", "--local")).Succeeded();
    }

    private Task<ToolResult> Run(params string[] arguments) => DltCommand.RunAsync(_folder.Path, arguments);
}

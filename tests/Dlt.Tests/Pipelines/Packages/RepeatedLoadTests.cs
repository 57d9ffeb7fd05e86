using Dlt.Cli.Commands;
using Dlt.Cli.Loading;
using Dlt.Internal;
using Dlt.Sources.Files;
using Dlt.Tests.Cli;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>Repeating a <c>dlt load</c> that was killed loads the file once, and every other file as well.</summary>
public sealed class RepeatedLoadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("items.jsonl", "{\"a\":1}\n{\"a\":2}\n", false)]
    [InlineData("items.jsonl", "{\"a\":1}\n{\"a\":2}\n", true)]
    [InlineData("items.csv", "a\n1\n2\n", false)]
    [InlineData("items.csv", "a\n1\n2\n", true)]
    public async Task The_same_load_is_finished_and_warns_not_to_run_it_again(string name, string content, bool isNormalised)
    {
        _folder.Write(name, content);
        await KillAsync(name, isNormalised);
        var repeated = await RunAsync(name, "My Items");
        Assert.Contains("- my_items: 2 row(s)", repeated.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("Do not run it again.", repeated.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Run again", repeated.Error, StringComparison.Ordinal);
        Assert.Equal("2", await CountAsync("my_items"));
        (await RunAsync(name, "My Items")).Succeeded();   // a load that nobody stopped is a new one
        Assert.Equal("4", await CountAsync("my_items"));
    }

    [Fact]
    public async Task A_load_that_was_killed_after_it_was_complete_is_not_loaded_again()
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        await KillAsync("items.jsonl", isNormalised: true, isLoaded: true);
        Assert.Equal("2", await CountAsync("my_items"));
        var repeated = await RunAsync("items.jsonl", "My Items");
        Assert.Contains("- my_items: 2 row(s)", repeated.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("Do not run it again.", repeated.Error, StringComparison.Ordinal);
        Assert.Equal("2", await CountAsync("my_items"));
        (await RunAsync("items.jsonl", "My Items")).Succeeded();   // that run ended: this is a new load
        Assert.Equal("4", await CountAsync("my_items"));
        (await RunAsync("items.jsonl", "My Items")).Succeeded();
        Assert.Equal("6", await CountAsync("my_items"));
    }

    [Theory]
    [InlineData("other.jsonl", "My Items", "3", "my_items")]   // another file for the same table
    [InlineData("items.jsonl", "others", "2", "others")]       // the same file for another table
    public async Task Another_load_finishes_pending_packages_and_then_loads_its_own(string file, string table, string rows, string counted)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        _folder.Write("other.jsonl", "{\"a\":3}\n");
        await KillAsync("items.jsonl", isNormalised: false);
        var result = await RunAsync(file, table);
        Assert.Contains($"Query: dlt query ds \"SELECT * FROM {counted} LIMIT 10\"", result.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("A load that had not ended was finished first: my_items (2 rows). Do not repeat it.", result.Error,
            StringComparison.Ordinal);
        Assert.Equal(rows, await CountAsync(counted));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM my_items WHERE a = 1"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_package_that_does_not_say_what_it_has_is_loaded_alone(bool isNormalised)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        await KillAsync("items.jsonl", isNormalised, hasKey: false);   // earlier versions wrote no key
        var result = await RunAsync("items.jsonl", "My Items");
        result.Succeeded();
        Assert.Contains("is loaded now: my_items (2 rows)", result.Error, StringComparison.Ordinal);
        Assert.Contains("If it had other data, run again.", result.Error, StringComparison.Ordinal);
        Assert.Equal("2", await CountAsync("my_items"));
        Assert.Equal("", (await RunAsync("items.jsonl", "My Items")).Error);
        Assert.Equal("4", await CountAsync("my_items"));
    }

    [Theory]
    [InlineData("append")]
    [InlineData("touch")]
    [InlineData("nested")]
    public async Task A_changed_load_replaces_the_package_of_its_earlier_form(string change)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        await KillAsync("items.jsonl", isNormalised: true);
        if (change == "append") _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        if (change == "touch") File.SetLastWriteTimeUtc(_folder.File("items.jsonl"), new DateTime(2024, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        var result = await DltCommand.RunAsync(_folder.Path,
        [
            "load", "items.jsonl", "--dataset", "ds", "--table", "My Items", "--local", "--quiet",
            .. change == "nested" ? ["--nested", "json"] : Array.Empty<string>(),
        ]);
        result.Succeeded();
        Assert.Contains("Run again to load them as they are now", result.Error, StringComparison.Ordinal);
        Assert.Equal("2", await CountAsync("my_items"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_file_that_changed_after_a_load_was_killed_is_loaded_as_it_is_now(bool isSameFile)
    {
        _folder.Write("items.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        await KillAsync("items.jsonl", isNormalised: false);
        _folder.Write("items.jsonl", "{\"a\":3}\n");
        _folder.Write("other.jsonl", "{\"a\":3}\n");
        var result = await RunAsync(isSameFile ? "items.jsonl" : "other.jsonl", "My Items");
        result.Succeeded();
        Assert.Contains("A package of an earlier run was given up", result.Error, StringComparison.Ordinal);
        Assert.Contains("items.jsonl was changed since it was extracted", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("run again", result.Error, StringComparison.Ordinal);
        Assert.Equal("3", await Some.ValueAsync(Account, "SELECT string_agg(a, ',') FROM my_items"));
    }

    [Theory]
    [InlineData("none.json", "[]")]
    [InlineData("none.csv", "a,b\n")]
    [InlineData("none.jsonl", "")]
    [InlineData("none.jsonl", "\n\n")]
    public async Task A_file_without_rows_warns_that_no_table_was_created(string name, string content)
    {
        _folder.Write(name, content);
        var result = await RunAsync(name, "items");
        result.Succeeded();
        Assert.Contains("Table 'items' received no rows and was not created.", result.Error, StringComparison.Ordinal);
        _folder.Write("rows.jsonl", "{\"a\":1}\n");
        Assert.Equal("", (await RunAsync("rows.jsonl", "items")).Error);
        Assert.Equal("", (await RunAsync(name, "items")).Error);   // the table exists
    }

    /// <summary>A load whose process ended after the file was written to a package.</summary>
    private async Task KillAsync(string name, bool isNormalised, bool isLoaded = false, bool hasKey = true)
    {
        var paths = InputPath.Find([name], _folder.Path, (_, other) => other);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Append, NestedAs = NestedAs.Tables };
        using var inputs = await FileInputs.OpenAsync(paths, new(), _folder.Path, Cancellation);
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(_folder.Path),
            Warn = _ => { },
            RunKey = hasKey ? LoadCommand.Key(inputs, "My Items", hints) : null,
        };
        await using var run = await Pipeline.Create("load_ds", Athena.Destination(Account), "ds", options).BeginAsync(Cancellation);
        await run.ExtractAsync(new Source("load_ds", FileResource.Create("My Items", _folder.File(name))), Cancellation);
        if (isNormalised) run.Normalize(Cancellation);
        if (isLoaded) await run.LoadAsync(Cancellation);
    }

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    private Task<string?> CountAsync(string table) => Some.ValueAsync(Account, $"SELECT count(*) FROM {table}");

    private Task<ToolResult> RunAsync(string file, string table) =>
        DltCommand.RunAsync(_folder.Path, "load", file, "--dataset", "ds", "--table", table, "--local", "--quiet");
}

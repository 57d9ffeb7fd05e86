using System.Text;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>Inputs of <c>dlt load</c>: pipes, several files, patterns, formats and encodings.</summary>
public sealed class LoadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("printf '{\"a\":1}\\n{\"a\":2}\\n' | dlt load -", "1,2")]
    [InlineData("printf '[{\"a\":1},\\n{\"a\":2}]' | dlt load -", "1,2")]
    [InlineData("printf 'a,b\\n1,x\\n2,y\\n' | dlt load -", "1,2")]
    [InlineData("printf 'a\\n1\\n2\\n' | dlt load - --format csv", "1,2")]
    [InlineData("printf '{\"a\":1}\\n{\"a\":2}\\n' | gzip -c | dlt load -", "1,2")]
    [InlineData("printf '{\"a\":1}\\n{\"a\":2}\\n' | dlt load /dev/stdin", "1,2")]
    [InlineData("dlt load <(printf '{\"a\":1}\\n') <(printf 'a,b\\n2,x\\n')", "1,2")]
    [InlineData("mkfifo f; (printf '{\"a\":1}\\n' > f &); dlt load f", "1")]
    public async Task A_pipe_of_any_format_is_read_once(string command, string expected)
    {
        SkipWithoutBash();
        (await Shell(command)).Succeeded();
        Assert.Equal(expected, await Values("a"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File(Path.Combine(".dlt-local", "pipelines", "load_ds", "spool"))));
    }

    [Fact]
    public async Task Parquet_comes_through_a_pipe_and_within_gzip()
    {
        SkipWithoutBash();
        Duck.Execute($"COPY (SELECT 1 AS a, [1, 2] AS l) TO '{_folder.File("x.parquet")}'");
        (await Shell("cat x.parquet | dlt load -")).Succeeded();
        (await Shell("gzip x.parquet; dlt load x.parquet.gz")).Succeeded();
        Assert.Equal("1,1", await Values("a"));
    }

    [Fact]
    public async Task A_pipe_without_a_writer_is_left_at_once_and_blocks_nobody()
    {
        SkipWithoutBash();
        (await Run("load", _folder.Write("first.jsonl", "{\"a\":1}\n"))).Succeeded();
        var stopped = await Shell("mkfifo f; dlt load f & p=$!; until ls .dlt-local/pipelines/load_ds/spool/*.lock >/dev/null 2>&1; "
            + "do :; done; kill -TERM $p; wait $p");
        Assert.Equal(143, stopped.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File(Path.Combine(".dlt-local", "pipelines", "load_ds", "spool"))));
        (await Run("load", _folder.Write("second.jsonl", "{\"a\":2}\n"))).Succeeded();
        Assert.Equal("1,2", await Values("a"));
    }

    [Fact]
    public async Task A_load_goes_on_while_a_pipe_of_another_is_silent()
    {
        SkipWithoutBash();
        var file = _folder.Write("a.jsonl", "{\"a\":1}\n");
        var both = await Shell("mkfifo f; dlt load f & p=$!; until ls .dlt-local/pipelines/load_ds/spool/*.lock >/dev/null 2>&1; do "
            + $":; done; dlt load '{file}' && printf '{{\"a\":2}}\\n' > f; wait $p");
        both.Succeeded();
        Assert.Equal("1,2", await Values("a"));
    }

    [Theory]
    [InlineData("printf '{\"a\":1}\\n{\"a\":\\n' | dlt load -", "standard input: line 2")]
    [InlineData("printf 'a,b\\n1,2,3\\n' | dlt load - --format csv", "standard input cannot be read as CSV: line 2 has 3")]
    [InlineData("printf '' | dlt load -", "delivered nothing")]
    [InlineData("printf 'hello' | dlt load -", "--format")]
    public async Task A_pipe_of_which_nothing_can_be_made_is_named_and_leaves_nothing(string command, string said)
    {
        SkipWithoutBash();
        var failed = await Shell(command);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(said, failed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("spool", failed.Error, StringComparison.Ordinal);
        var next = (await Run("load", _folder.Write("next.jsonl", "{\"a\":7}\n"))).Succeeded();
        Assert.Contains("1 load package(s)", next, StringComparison.Ordinal);
        Assert.Equal("7", await Values("a"));
    }

    [Fact]
    public async Task Files_and_patterns_go_into_one_table_in_one_load_in_the_order_of_their_names()
    {
        foreach (var (name, value) in new[]
        { ("d/2.jsonl", 2), ("d/1.jsonl", 1), ("d/e/3.jsonl", 3), ("d/.hidden/9.jsonl", 9), ("d/.9.jsonl", 9) }) _folder.Write(
        name, $"{{\"a\":{value}}}\n");
        _folder.Write("0.csv", "a,b\n0,x\n");
        var info = (await Run("load", "d/**/*.jsonl", "d/1.jsonl", "0.csv")).Succeeded();
        Assert.Contains("1 load package(s)", info, StringComparison.Ordinal);
        Assert.Contains("- items: 4 row(s)", info, StringComparison.Ordinal);
        Assert.Equal("0,1,2,3", await Values("a", order: ""));
    }

    [Fact]
    public async Task An_unreadable_file_ends_the_load_before_other_files_are_packed()
    {
        _folder.Write("1.jsonl", "{\"a\":1}\n");
        _folder.Write("2.parquet", "hello");
        var failed = await Run("load", "1.jsonl", "2.parquet");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("is not a file of Parquet", failed.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File(".dlt-local")));
    }

    [Fact]
    public async Task One_malformed_file_of_several_fails_all_and_the_mended_load_has_every_row_once()
    {
        _folder.Write("1.jsonl", "{\"a\":1}\n");
        _folder.Write("2.jsonl", "{\"a\":}\n");
        var failed = await Run("load", "*.jsonl");
        Assert.Equal(1, failed.ExitCode);
        _folder.Write("2.jsonl", "{\"a\":2}\n");
        var info = (await Run("load", "*.jsonl")).Succeeded();
        Assert.Contains("1 load package(s)", info, StringComparison.Ordinal);
        Assert.Equal("1,2", await Values("a"));
    }

    [Theory]
    [InlineData("d", "dlt load \"d/*.csv.gz\" --dataset ds --table items --local")]
    [InlineData("deep", "dlt load \"deep/**/*.json\" --dataset ds --table items --local")]
    [InlineData("empty", "is a folder without files")]
    [InlineData("none/*.csv", "No file matches 'none/*.csv'")]
    [InlineData("none.csv", "File does not exist: 'none.csv'")]
    public async Task An_argument_that_is_not_a_file_is_an_error_with_the_right_form(string argument, string said)
    {
        _folder.Write("d/a.csv.gz", "x");
        _folder.Write("deep/er/a.json", "{}");
        Directory.CreateDirectory(_folder.File("empty"));
        var failed = await Run("load", argument);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(said, failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.txt", "{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("a.csv", "{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("noending", "a,b\n1,x\n2,y\n")]
    [InlineData("a.dat", "a;b\n1;x\n2;y\n")]
    public async Task The_format_is_found_by_content_where_the_name_has_none(string name, string content)
    {
        (await Run("load", _folder.Write(name, content))).Succeeded();
        Assert.Equal("1,2", await Values("a"));
    }

    [Theory]
    [InlineData("BZh91AY&SY", "bzip2")]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("\u00fd7zXZ\0", "xz")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("Obj\u0001", "Avro")]
    [InlineData("SQLite format 3\0", "SQLite")]
    public async Task A_format_that_is_not_read_is_named(string content, string name)
    {
        await File.WriteAllBytesAsync(_folder.File("x.json"), Encoding.Latin1.GetBytes(content), TestContext.Current.CancellationToken);
        var failed = await Run("load", "x.json");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(name, failed.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.csv", "latin1", "latin-1")]
    [InlineData("x.csv", "windows-1252", "cp1252")]
    [InlineData("x.csv", "utf-16", "utf-16")]
    [InlineData("x.csv", "shift_jis", "sjis")]
    [InlineData("x.json", "latin1", "iso-8859-1")]
    [InlineData("x.json", "utf-16BE", "utf-16-be")]
    public async Task Text_in_another_encoding_is_read(string name, string encoding, string argument)
    {
        var text = encoding == "shift_jis" ? "東京" : "Zoë";
        var content = name.EndsWith(".csv", StringComparison.Ordinal) ? $"a,b\n{text},1\n" : $"{{\"a\":\"{text}\"}}\n";
        var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(content);
        await File.WriteAllBytesAsync(_folder.File(name), bytes, TestContext.Current.CancellationToken);
        (await Run("load", name, "--encoding", argument)).Succeeded();
        Assert.Equal(text, await Values("a"));
    }

    [Theory]
    [InlineData("x.csv", "utf-16")]
    [InlineData("x.csv", "utf-16BE")]
    [InlineData("x.json", "utf-16")]
    [InlineData("x.json", "utf-32")]
    public async Task Text_of_two_or_four_bytes_a_letter_is_recognised_without_a_mark(string name, string encoding)
    {
        var content = name.EndsWith(".csv", StringComparison.Ordinal) ? "a,b\nZoë,1\n" : "{\"a\":\"Zoë\"}\n";
        await File.WriteAllBytesAsync(
            _folder.File(name), Encoding.GetEncoding(encoding).GetBytes(content), TestContext.Current.CancellationToken);
        (await Run("load", name)).Succeeded();
        Assert.Equal("Zoë", await Values("a"));
    }

    [Theory, InlineData("x.csv", "a,b\nZoë,1\n"), InlineData("x.json", "{\"a\":\"Zoë\"}\n")]
    public async Task A_byte_order_mark_wins_over_the_option(string name, string content)
    {
        await File.WriteAllTextAsync(_folder.File(name), content, Encoding.Unicode, TestContext.Current.CancellationToken);
        (await Run("load", name, "--encoding", "latin-1")).Succeeded();
        Assert.Equal("Zoë", await Values("a"));
    }

    [Fact]
    public async Task An_unknown_encoding_and_text_outside_an_encoding_are_errors()
    {
        await File.WriteAllBytesAsync(
            _folder.File("x.json"), [.. "{\"a\":\""u8, 0x81, (byte)'"', (byte)'}'], TestContext.Current.CancellationToken);
        Assert.Contains(
            "there is no encoding 'klingon'", (await Run("load", "x.json", "--encoding", "klingon")).Error, StringComparison.Ordinal);
        var failed = await Run("load", "x.json", "--encoding", "ascii");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("is not us-ascii", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_513_levels_deep_is_a_line_that_can_be_read()
    {
        _folder.Write("deep.jsonl", string.Concat(Enumerable.Repeat("{\"a\":", 513)) + "1" + new string('}', 513));
        var failed = await Run("load", "deep.jsonl");
        Assert.Equal(1, failed.ExitCode);
        var error = failed.Error.Split('\n').Single(l => l.StartsWith("Error:", StringComparison.Ordinal));
        Assert.Contains("more than 512 nested levels", error, StringComparison.Ordinal);
        Assert.InRange(error.Length, 100, 600);
    }

    private static void SkipWithoutBash() =>
        Assert.SkipUnless(Tool.Exists("bash") && Tool.Exists("mkfifo"), "There is no bash here: pipes were NOT tried.");

    private Task<ToolResult> Run(params string[] arguments) =>
        DltCommand.RunAsync(_folder.Path, [.. arguments, "--dataset", "ds", "--table", "items", "--local"]);

    /// <summary>Runs a line of bash in which `dlt` is this command.</summary>
    private async Task<ToolResult> Shell(string line)
    {
        var tool = _folder.File(Path.Combine("bin", "dlt"));
        _folder.Write("bin/dlt", $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' \"$@\" "
            + "--dataset ds --table items --local\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var environment = new Dictionary<string, string?> { ["DLT_DATA_DIR"] = _folder.File("data") };
        return await Tool.RunAsync("bash", ["-c", $"PATH='{_folder.File("bin")}':$PATH; {line}"], _folder.Path, environment);
    }

    private async Task<string> Values(string column, string order = "ORDER BY 1")
    {
        var lines = (await DltCommand.RunAsync(_folder.Path, "query", "ds", $"SELECT {column} FROM items {order}", "--local", "-o", "csv"))
            .Succeeded();
        return string.Join(',', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
    }
}

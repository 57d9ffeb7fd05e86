using System.IO.Compression;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>For packed files that <c>dlt load</c> does not read, its error has a command that does.</summary>
public sealed class ForeignFormatTests : IDisposable
{
    private const string Options = "--dataset ds --table t --local";

    private static readonly byte[] Bzip2 = [.. "BZh9"u8, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, 0, 0];
    private static readonly byte[] Xz = [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("r.bz2", "bzip2 -dc r.bz2 | dlt load - " + Options)]
    [InlineData("my r.bz2", "bzip2 -dc \"my r.bz2\" | dlt load - " + Options)]
    [InlineData("sub/r.xz", "xz -dc sub/r.xz | dlt load - " + Options)]
    [InlineData("r.zip", "unzip -p r.zip | dlt load - " + Options)]
    public async Task The_command_is_whole_and_ends_the_message(string name, string command)
    {
        Directory.CreateDirectory(_folder.File("sub"));
        var path = _folder.File(name);
        if (name.EndsWith("zip", StringComparison.Ordinal)) WriteZip(path, "a.csv");
        else await File.WriteAllBytesAsync(path, name[^1] == '2' ? Bzip2 : Xz, TestContext.Current.CancellationToken);
        Assert.EndsWith(": " + command, (await LoadAsync(name)).TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?>\n<a/>", "an XML document")]
    [InlineData("\uFEFF<?xml version=\"1.0\"?>\n<a/>", "an XML document")]
    [InlineData("<!DOCTYPE html>\n<html></html>", "an HTML page")]
    public async Task A_document_with_marks_is_named(string content, string kind)
    {
        await File.WriteAllTextAsync(_folder.File("export.txt"), content, TestContext.Current.CancellationToken);
        Assert.Contains($"export.txt cannot be loaded: it is {kind}", await LoadAsync("export.txt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("book.xlsx", "sheet1.xml")]
    [InlineData("report.bin", "xl/workbook.xml")]
    public async Task A_workbook_is_to_be_saved_as_csv_and_not_unpacked(string name, string entry)
    {
        WriteZip(_folder.File(name), "[Content_Types].xml", entry);
        var error = await LoadAsync(name);
        Assert.Contains("an Excel workbook", error, StringComparison.Ordinal);
        Assert.Contains("Save it as CSV", error, StringComparison.Ordinal);
        Assert.DoesNotContain("unzip", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_unpacks_and_loads_when_it_is_pasted()
    {
        Assert.SkipUnless(Tool.Exists("bash") && Tool.Exists("bzip2"), "There is no bash or bzip2 here: the command was NOT pasted.");
        _folder.Write("my r.jsonl", "{\"a\":42}\n");
        (await Tool.RunAsync("bzip2", ["my r.jsonl"], _folder.Path)).Succeeded();
        var error = await LoadAsync("my r.jsonl.bz2");
        var program = $"dlt() {{ dotnet exec '{Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll")}' \"$@\"; }}; "
            + error.TrimEnd()[error.IndexOf("bzip2 -dc", StringComparison.Ordinal)..];
        (await Tool.RunAsync("bash", ["-c", program], _folder.Path)).Succeeded();
        var rows = await DltCommand.RunAsync(_folder.Path, "query", "ds", "SELECT a FROM t", "--local", "-o", "csv");
        Assert.Equal("a\n42\n", rows.Succeeded());
    }

    private async Task<string> LoadAsync(string name)
    {
        var result = await DltCommand.RunAsync(_folder.Path, "load", name, "--dataset", "ds", "--table", "t", "--local");
        Assert.Equal(1, result.ExitCode);
        return result.Error;
    }

    private static void WriteZip(string path, params string[] entries)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var entry in entries)
        {
            using var content = new StreamWriter(archive.CreateEntry(entry).Open());
            content.Write("a\n1\n");
        }
    }
}

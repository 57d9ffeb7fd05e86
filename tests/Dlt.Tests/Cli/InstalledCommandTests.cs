using System.Runtime.InteropServices;
using Dlt.Tests.Support;
using DuckDB.NET.Data;

namespace Dlt.Tests.Cli;

/// <summary>
/// The installed command and the native build work like the command in the repository. Reflection that was trimmed away would fail here.
/// </summary>
public sealed class InstalledCommandTests : IDisposable
{
    private static readonly string Project = Path.Combine(Tool.Repository, "src", "Dlt.Cli");

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_tool_of_one_pack_loads_every_kind_of_file_restores_and_queries()
    {
        var version = $"0.0.1-t{Guid.NewGuid():N}";   // NuGet caches packages by version
        string[] pack = ["pack", Project, "-c", "Release", $"-p:Version={version}", "-o", _folder.File("feed")];
        var said = (await Tool.RunAsync("dotnet", [.. pack, "--artifacts-path", _folder.File("build"), "-v", "quiet", "-tl:off"]))
            .Succeeded();
        Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
        var package = _folder.File("feed", $"Dlt.Cli.{RuntimeInformation.RuntimeIdentifier}.{version}.nupkg");
        PackageFile.AssertComplete(package, symbols: "Dlt.Cli.pdb", documentation: null);
        string[] install = ["tool", "install", "Dlt.Cli", "--version", version, "--add-source", _folder.File("feed")];
        (await Tool.RunAsync("dotnet", [.. install, "--tool-path", _folder.File("tool")])).Succeeded();

        var pages = Directory.EnumerateFiles(Path.Combine(Tool.Repository, "docs"), "*.md")
            .Select(page => "docs/" + Path.GetFileName(page));
        var program = Directory.EnumerateFiles(_folder.File("tool"), "Dlt.Cli.dll", SearchOption.AllDirectories).Single();
        Assert.All(pages.Append("README.md"), page => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, page)), page));
        await LoadsEveryKindOfFile(_folder.File(Path.Combine("tool", "dlt")));
    }

    [Fact]
    public async Task A_native_build_loads_every_kind_of_file_restores_and_queries()
    {
        Assert.SkipUnless(Tool.Exists("clang") || Tool.Exists("gcc"),
            "There is no C compiler to link with (clang or gcc): the native build was NOT tried.");
        var program = _folder.File("native");
        (await Tool.RunAsync("dotnet",
        [
            "publish", Project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:Native=true", "-o", program,
            "--artifacts-path", _folder.File("build"), "-v", "quiet",   // other tests pack from bin and obj
        ])).Succeeded();

        await LoadsEveryKindOfFile(Path.Combine(program, "Dlt.Cli"));
    }

    private async Task LoadsEveryKindOfFile(string program)
    {
        await File.WriteAllTextAsync(_folder.File("a.json"), "{\"id\":1,\"at\":\"2024-01-02T03:04:05Z\",\"l\":[{\"x\":1.5},{\"x\":2}]}\n",
            TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.File("a.csv"), "id,name\n2,b\n", TestContext.Current.CancellationToken);
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "COPY (SELECT 3 AS id, ['x', 'y'] AS tags, 1.5::DECIMAL(4, 2) AS price) TO "
                + $"'{_folder.File("a.parquet")}'";
            command.ExecuteNonQuery();
        }

        var work = _folder.File("work");
        Directory.CreateDirectory(work);
        foreach (var file in new[] { "a.json", "a.csv", "a.parquet" })
        {
            (await Run("load", _folder.File(file), "--dataset", "d", "--table", "t", "--local", "--quiet")).Succeeded();
            // the next load restores state and schema from the files
            Directory.Delete(Path.Combine(work, ".dlt-local", "pipelines"), recursive: true);
        }

        var rows = (await Run("query", "d", "SELECT sum(id), sum(price), max(name), (SELECT count(*) FROM t__l), (SELECT max(value) "
            + "FROM t__tags), (SELECT count(*) FROM _dlt_loads) FROM t", "--local", "--output", "csv")).Succeeded();
        Assert.Equal("6,1.50,b,2,y,3", rows.Trim().Split('\n')[^1].Trim());

        Directory.CreateDirectory(Path.Combine(work, ".dlt"));
        await File.WriteAllTextAsync(Path.Combine(work, ".dlt", "config.toml"), "[destination.athena]\nforce_iceberg = true\n",
            TestContext.Current.CancellationToken);
        (await Run("load", _folder.File("a.json"), "--dataset", "ice", "--table", "t", "--local", "--quiet")).Succeeded();
        Assert.Contains("2024-01-02", (await Run("iceberg", "rows", "ice.t", "--local")).Succeeded(), StringComparison.Ordinal);
        Assert.Contains("t__l", (await Run("pipeline", "load_ice", "info", "--local")).Succeeded(), StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.File("bad.json"), "{\"id\":", TestContext.Current.CancellationToken);
        var bad = await Run("load", _folder.File("bad.json"), "--dataset", "ice", "--table", "t", "--local", "--quiet");
        Assert.Equal((1, true), (bad.ExitCode, bad.Error.Contains("line 1", StringComparison.Ordinal)));

        Task<ToolResult> Run(params string[] arguments) => Tool.RunAsync(program, arguments, work);
    }
}

using System.Text;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The whole programs of the documentation run as printed on a machine that has never run one.</summary>
public sealed class ProgramTests(PackedFeed feed) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_whole_program_of_the_documentation_runs_as_printed()
    {
        var programs = SnippetReader.ReadAll().Where(snippet => snippet.IsProgram).ToList();
        Assert.NotEmpty(programs);
        await using var server = ShopServer.Start();
        foreach (var program in programs)
        {
            var work = await WriteAsync(program, server.Url);
            var result = await RunAsync(program, work);
            Assert.True(result.ExitCode == 0, $"{program.Place}: exit code {result.ExitCode}\n{result.Output}\n{result.Error}");
            Assert.DoesNotContain(": warning ", result.Output + result.Error, StringComparison.Ordinal);
            Assert.Contains("LOADED", result.Output, StringComparison.Ordinal);
            DiskUse.AssertOneProgram(Home(program));
        }
    }

    [Fact]
    public async Task The_first_program_of_the_README_prints_one_message_for_an_error()
    {
        var program = SnippetReader.ReadAll().First(snippet => snippet is { IsProgram: true, File: "README.md" });
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 401;
            return Task.CompletedTask;
        });
        var result = await RunAsync(program, await WriteAsync(program, server.Url));
        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("Error: ", StringComparison.Ordinal));
        Assert.Contains("401", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Output + result.Error, StringComparison.Ordinal);
    }

    private string Home(Snippet program) => _folder.File("home", program.ClassName);

    private async Task<string> WriteAsync(Snippet program, string url)
    {
        var work = Directory.CreateDirectory(_folder.File("work", program.ClassName)).FullName;
        await feed.AddToAsync(work);
        await File.WriteAllTextAsync(Path.Combine(work, program.FileName), program.Code, new UTF8Encoding(false));
        _folder.Write(Path.Combine("work", program.ClassName, ".dlt", "config.toml"), $"[sources.shop]\nbase_url = \"{url}\"\n");
        _folder.Write(Path.Combine("work", program.ClassName, ".dlt", "secrets.toml"), "[sources.shop]\napi_key = \"key\"\n");
        return work;
    }

    private Task<ToolResult> RunAsync(Snippet program, string work) =>
        Tool.RunAsync("dotnet", ["run", program.FileName, "--", "--local"], work, PackedFeed.FreshMachine(Home(program)));
}

using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The C# code of the documentation compiles and runs.</summary>
public sealed class SnippetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_snippet_of_the_documentation_compiles_and_runs()
    {
        var snippets = SnippetReader.ReadAll().Where(snippet => !snippet.IsProgram).ToList();
        Assert.NotEmpty(snippets);
        var said = await RunAsync(snippets);

        Assert.True(!said.Contains("\nfailed ", StringComparison.Ordinal), said);
        var outcomes = snippets.Select(snippet => $"\n{(snippet.OnlyCompiled is null ? "ran" : "compiled")} {snippet.Place}\n");
        Assert.All(outcomes, outcome => Assert.Contains(outcome, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snippet_that_does_not_compile_is_named_with_its_line()
    {
        string[] page = ["# Page", "```csharp", "var one = 1;", "Nothing(one);", "```"];
        var error = await Assert.ThrowsAnyAsync<Exception>(() => RunAsync([.. SnippetReader.Read("docs/page.md", page)]));
        Assert.Contains("docs/page.md(4,1)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_snippet_that_fails_when_it_runs_is_named_with_its_error()
    {
        string[] page =
        [
            "<!-- snippet before: var number = 0;", "after: Assert.Equal(1, number);", "-->", "```csharp", "number++;", "```",
            "<!-- snippet after: throw new InvalidOperationException($\"{number}\"); -->", "```csharp", "var number = 7;", "```",
            "<!-- snippet only compiled: it needs an account -->", "```csharp", "throw new InvalidOperationException(\"ran\");", "```",
        ];
        var said = await RunAsync([.. SnippetReader.Read("docs/page.md", page)]);
        Assert.Contains("\nran docs/page.md:5\n", said, StringComparison.Ordinal);
        Assert.Contains("\nfailed docs/page.md:9: System.InvalidOperationException: 7", said, StringComparison.Ordinal);
        Assert.Contains("\ncompiled docs/page.md:13\n", said, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(IReadOnlyList<Snippet> snippets)
    {
        var assembly = await SnippetProject.BuildAsync(_folder.File("project"), snippets);
        var environment = new Dictionary<string, string?> { ["DLT_DATA_DIR"] = _folder.File("data") };
        var work = Directory.CreateDirectory(_folder.File("work")).FullName;
        var result = await Tool.RunAsync(Environment.ProcessPath!, Tool.OwnArguments("snippets", assembly), work, environment);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return "\n" + result.Output;
    }
}

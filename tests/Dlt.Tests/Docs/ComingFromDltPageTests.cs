using System.Text.RegularExpressions;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The examples of docs/coming-from-dlt.md are pipelines, of as many lines as the page says.</summary>
public sealed partial class ComingFromDltPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "coming-from-dlt.md"));

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("GitHub", 0, "github", "issues issue_comments")]
    [InlineData("Pokémon", 1, "pokemon", "pokemon berry location")]
    public void An_example_is_a_pipeline_of_the_counted_lines(string title, int number, string pipeline, string resources)
    {
        var yaml = Fences("yaml")[number];
        var file = PipelineFile.Read(_folder.Write($"{pipeline}.yaml", yaml), Some.Configuration(_folder.Path));
        Assert.Equal(pipeline, file.PipelineName);
        Assert.Equal(resources, string.Join(' ', Assert.Single(file.Sources).Resources.Select(r => r.Name)));

        var counted = Regex.Match(Page, $@"^\| {title} \| [0-9 ()]+ \| ([0-9]+) \| ([0-9]+) \|$", RegexOptions.Multiline);
        Assert.Equal((LinesOf(yaml), LinesOf(Fences("csharp")[number])), (counted.Groups[1].Value, counted.Groups[2].Value));
    }

    private static string LinesOf(string text) =>
        text.Split('\n').Count(line => line.Trim().Length > 0).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static List<string> Fences(string language) =>
        [.. Fence().Matches(Page).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    [GeneratedRegex("^```(\\w+)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();
}

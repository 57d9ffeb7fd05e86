using System.Text.RegularExpressions;
using Dlt.Tests.Support;

namespace Dlt.Tests.House;

public partial class SpecReferenceTests
{
    [Fact]
    public void A_comment_that_names_a_section_of_a_specification_leads_to_it()
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Tool.Repository, "docs", "spec"), "*.md");
        var sections = pages.ToDictionary(path => Path.GetFileName(path), SectionsOf);
        var references =
            (from file in HouseFiles.All()
             from match in References().Matches(HouseFiles.Read(file))
             select (File: file, Match: match)).ToList();
        var lost = references.Where(r => !Exists(r.Match)).Select(r => $"{r.File}: {r.Match.Value}");

        Assert.Empty(lost);
        Assert.NotEmpty(references);

        bool Exists(Match reference) =>
            reference.Groups["folder"].Success && sections.TryGetValue(reference.Groups["page"].Value, out var known)
            && (reference.Groups["section"] is { Success: false } || known.Contains(reference.Groups["section"].Value));
    }

    private static HashSet<string> SectionsOf(string page) =>
        [.. Headings().Matches(File.ReadAllText(page)).Select(heading => heading.Groups[1].Value)];

    [GeneratedRegex(@"^#{1,4} (\d+(?:\.\d+)?)\.? ", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"(?<folder>docs/)?\bspec/(?<page>[a-z-]+\.md)(?: (?<section>\d+(?:\.\d+)?))?")]
    private static partial Regex References();
}

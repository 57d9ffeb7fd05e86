using System.Text.RegularExpressions;
using Dlt.Tests.Support;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dlt.Tests.House;

/// <summary>
/// A scenario of docs/spec/athena-destination.md 9 has a test with its id, or a line in docs/spec/athena-scenarios.md with the reason
/// why it has none.
/// </summary>
public partial class ScenarioTests
{
    [Fact]
    public void A_scenario_has_a_test_or_a_reason_why_it_has_none()
    {
        var tested = Tested().Select(t => t.Id).ToHashSet();
        var without = Ids("athena-scenarios.md", WithoutTest());
        Assert.Equal([], Scenarios().Except(tested).Except(without));
        Assert.Equal([], without.Intersect(tested));
    }

    [Fact]
    public void Only_scenarios_of_the_specification_have_tests_or_reasons_each_once()
    {
        var scenarios = Scenarios();
        Assert.Equal([], Tested().Where(t => !scenarios.Contains(t.Id)).Select(t => $"{t.Method}: {t.Id}"));
        Assert.Equal([], Ids("athena-scenarios.md", WithoutTest()).Except(scenarios));
        Assert.Distinct(scenarios);
        Assert.Distinct(Ids("athena-scenarios.md", WithoutTest()));
    }

    [Fact]
    public void The_id_of_a_scenario_is_on_a_test_that_runs()
    {
        string[] tests = ["Fact", "Theory"];
        var idle = Tested().Where(t => !t.Attributes.Any(a => tests.Contains($"{a.Name}")
            && a.ArgumentList?.Arguments.Any(g => $"{g.NameEquals?.Name}" == "Skip") != true));
        Assert.Equal([], idle.Select(t => t.Method));
    }

    private static List<string> Scenarios() => Ids("athena-destination.md", Row());

    private static List<string> Ids(string page, Regex line) =>
        [.. line.Matches(File.ReadAllText(Path.Combine(Tool.Repository, "docs", "spec", page))).Select(m => m.Groups[1].Value)];

    /// <summary>Methods of tests with the ids of their scenarios, from the source: two programs have them.</summary>
    private static IEnumerable<(string Method, string Id, List<AttributeSyntax> Attributes)> Tested() =>
        from file in HouseFiles.All()
        where file.StartsWith("tests/", StringComparison.Ordinal)
        let text = HouseFiles.Read(file)
        where text.Contains("Scenario(", StringComparison.Ordinal)
        let root = CSharpSyntaxTree.ParseText(text).GetRoot(TestContext.Current.CancellationToken)
        from method in root.DescendantNodes().OfType<MethodDeclarationSyntax>()
        let attributes = method.AttributeLists.SelectMany(l => l.Attributes).ToList()
        from attribute in attributes
        where $"{attribute.Name}" == "Scenario"
        let id = (LiteralExpressionSyntax)attribute.ArgumentList!.Arguments[0].Expression
        select ($"{file}: {method.Identifier}", id.Token.ValueText, attributes);

    [GeneratedRegex(@"^\| ([TX]-\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    /// <summary>A line of the list has an id and a reason.</summary>
    [GeneratedRegex(@"^\| ([TX]-\d+) \| [^|]{10,} \|$", RegexOptions.Multiline)]
    private static partial Regex WithoutTest();
}

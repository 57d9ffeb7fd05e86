using System.Text.RegularExpressions;
using Dlt.Golden.Units;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Harness;

public partial class HarnessTests
{
    [Fact]
    public void Every_difference_has_its_line_in_the_docs_and_every_anchor_there_is_a_difference() =>
        Assert.Equal(
            AllDifferences.List.Select(d => d.Name).Order(StringComparer.Ordinal), Anchor().Matches(Document("differences.md"))
                .Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));

    [Fact]
    public void The_not_yet_list_of_the_readme_is_the_list_of_gaps() =>
        Assert.Equal(AllGaps.List.Select(g => g.Words), NotYet().Match(Document("README.md")).Groups[1].Captures.Select(c => c.Value));

    [Fact]
    public void Every_difference_is_needed_by_a_case_of_the_repository()
    {
        Assert.SkipUnless(GoldenFolder.IsOwn, "With DLT_GOLDEN differences are only counted.");
        var cases = Inventory.Cases().Where(c => Inventory.OutcomeOf(c) is null).ToList();
        Assert.Equal([], AllDifferences.List.Where(d => !cases.Any(d.AppliesTo)).Select(d => d.Name));
    }

    [Fact]
    public void Every_case_of_the_repository_can_be_driven()
    {
        Assert.SkipUnless(GoldenFolder.IsOwn, "With DLT_GOLDEN such cases are only counted.");
        Assert.Equal(
            [], Inventory.Cases().Select(c => (Case: c, Outcome: Inventory.OutcomeOf(c))).Where(c => c.Outcome is (Outcome.NotDriven, _))
                .Select(c => $"{c.Case}: {c.Outcome!.Value.Reason}"));
    }

    [Fact]
    public void A_case_meets_the_rewritten_expectation() =>
        Judge.Check(Case(expected: 1), [new Adds("one", 1)], golden => Assert.Equal(2, golden.Expected.AsInt64()));

    [Fact]
    public void A_difference_that_applies_and_is_not_needed_fails()
    {
        var error = Record.Exception(
            () => Judge.Check(Case(expected: 2), [new Adds("none", 0)], golden => Assert.Equal(2, golden.Expected.AsInt64())));
        Assert.Contains("'none' applies to a", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_differences_each_must_be_needed()
    {
        Judge.Check(Case(expected: 1), [new Adds("one", 1), new Adds("two", 2)], golden => Assert.Equal(4, golden.Expected.AsInt64()));
        Assert.NotNull(
            Record.Exception(
                () =>
                    Judge.Check(
                        Case(expected: 1), [new Adds("three", 3), new Adds("none", 0)], golden =>
                            Assert.Equal(4, golden.Expected.AsInt64()))));
    }

    [Theory]
    [InlineData("""{"id":"a","kind":"nope","input":"1","expected":{}}""", "the kind 'nope' of types.json")]
    [InlineData("""{"id":"a","kind":"parse_json","input":"1","more":1,"expected":{}}""", "the member 'more' of types.json")]
    [InlineData("""{"id":"a","kind":"parse_json","input":"1","expected":{"more":1}}""", "the member 'expected.more' of types.json")]
    [InlineData("""{"id":"a","kind":"detect_value","now":1,"input":{"$type":"nope","value":"1"},"expected":{}}""", "the type '\"nope\"'")]
    [InlineData("""{"id":"a","kind":"parse_json","input":"1","expected":{}}""", null)]
    public void Words_that_no_driver_knows_are_named(string json, string? word)
    {
        var golden = JsonParser.Parse(json);
        Assert.Equal(word, UnitShapes.Unknown(new(UnitFile.Folder, "types", "a", golden.Without("expected"), () => golden["expected"]!)));
    }

    [Theory]
    [InlineData("""{"error":"SchemaException","message":""}""", null)]
    [InlineData(
        """{"errors":[{"error":"PipelineStepFailed"},"""
        + """{"error":"IncrementalCursorPathMissing","message":"path `v`"},{"error":"KeyError"}]}""",
        "is a SchemaException here")]
    [InlineData("""{"error":"ParentTableNotFoundException","message":"Parent table `q` for `t` was not found"}""", null)]
    [InlineData("""{"error":"ParentTableNotFoundException","message":"Parent table `other` for `t` was not found"}""",
        "Not found: \"other\"")]
    public void Errors_have_the_class_and_the_facts_of_those_of_dlt(string expected, string? failure)
    {
        var error = Record.Exception(
            () => ErrorOutcome.Check(JsonParser.Parse(expected), new Dlt.SchemaException("Parent table 'q' of 't' is missing.")));
        if (failure is null) Assert.Null(error);
        else Assert.Contains(failure, error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_error_class_is_not_driven() =>
        Assert.Throws<NotDrivenException>(
            () => ErrorOutcome.Check(JsonParser.Parse("""{"error":"NopeError","message":""}"""), new DltException("x")));

    [Theory]
    [InlineData("snake_case", "Имя", "imya")]
    [InlineData("snake_case", "商品", "shang_pin")]
    [InlineData("snake_case", "-", "x_ghgfvw")]
    [InlineData("snake_case", "Größe", "gr_e")]
    [InlineData("sql_cs_v1", "商品", "ShangPin")]
    [InlineData("direct", "商品", "商品")]
    public void The_names_in_the_documentation_are_those_that_the_code_makes(string convention, string key, string name)
    {
        Assert.Equal(name, new OurNames(convention, 255).Key(key));
        Assert.Equal(name == key, new OurNames(convention, 255).KeyOfDlt(key) == key);
    }

    [Theory]
    [InlineData("""{"a":{"b":[1]},"a__b":[2]}""", "$.a__b and $.a.b: t__a__b")]
    [InlineData("""{"l":[{"Id":1,"id":2}]}""", "$.l[0].Id and $.l[0].id: id")]
    [InlineData("""{"Id":1,"id":null,"ID":1}""", null)]
    public void Keys_of_one_name_are_found_with_their_paths(string item, string? conflict)
    {
        var flat = new FlatItems(new("snake_case", 255));
        flat.Add(JsonParser.Parse(item), new("t", "t"));
        Assert.Equal(conflict, flat.Conflict is { } found ? $"{found.First} and {found.Second}: {found.Name}" : null);
    }

    private static GoldenCase Case(long expected) => new("test", "", "a", JsonValue.EmptyObject, () => JsonValue.Integer(expected));

    private static string Document(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", name));

    [GeneratedRegex("<a id=\"([^\"]+)\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("<!-- not yet -->\n(?:- (.+)\n)+<!-- end -->")]
    private static partial Regex NotYet();

    private sealed class Adds(string name, long number) : Difference(name)
    {
        public override bool AppliesTo(GoldenCase golden) => true;

        public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
            [golden.WithExpected(JsonValue.Integer(golden.Expected.AsInt64() + number))];
    }
}

using Dlt.Hints;

namespace Dlt.Tests.Sources.Rest;

public class JsonPathTests
{
    private const string Shop = """
        {"items": [{"id": 1, "open": true, "price": 5, "tags": ["a", "b"]}, {"id": 2, "open": false, "price": 20.5, "name": "B & C"},
                   {"id": 3, "price": "7"}],
         "more": [{"id": 8}], "meta": {"next page": 2, "v1.0": {"n": 4}}, "by_id": {"f1": {"id": 1}, "f2": {"id": 2}}, "none": null}
        """;

    [Theory]
    [InlineData("items[0].id", "1")]
    [InlineData("$.items[-1].id", "3")]
    [InlineData("items[*].id", "1 2 3")]
    [InlineData("items[1:].id", "2 3")]
    [InlineData("items[::-1].id", "3 2 1")]
    [InlineData("items[:-1].id", "1 2")]
    [InlineData("items[0,2].id", "1 3")]
    [InlineData("items[0,-1].id", "1 3")]
    [InlineData("(items|more)[*].id", "1 2 3 8")]
    [InlineData("items|more[*].id", "8")]
    [InlineData("$..id", "1 2 3 8 1 2")]
    [InlineData("by_id.*.id", "1 2")]
    [InlineData("by_id.*", "{\"id\":1} {\"id\":2}")]
    [InlineData("meta.'next page'", "2")]
    [InlineData("$['meta'][\"v1.0\"].n", "4")]
    [InlineData("meta['next page','v1.0'].n", "4")]
    [InlineData("items[0].id,price", "1 5")]
    [InlineData("items[?(@.open == true)].id", "1")]
    [InlineData("items[?open].id", "1 2")]
    [InlineData("items[?(@.price > 5)].id", "2 3")]
    [InlineData("items[?(@.price >= 5 & @.price < 20)].id", "1 3")]
    [InlineData("items[?(@.price > 20)].id", "2")]
    [InlineData("items[?name = 'B & C'].id", "2")]
    [InlineData("items[?(@.name != 'B & C')].id", "")]
    [InlineData("items[?(@.name =~ '^B')].id", "2")]
    [InlineData("by_id[?(@.id == 2)].id", "2")]
    [InlineData("items[*] where tags", "{\"id\":1,\"open\":true,\"price\":5,\"tags\":[\"a\",\"b\"]}")]
    [InlineData("meta[*].'next page'", "2")]
    [InlineData("none[*]", "")]
    [InlineData("nothing.at.all", "")]
    [InlineData("items.*", "")]
    public void A_path_finds_what_dlt_finds(string path, string found)
    {
        var matches = CursorPath.Parse(path).AllIn(JsonValue.Parse(Shop));
        Assert.Equal(found, string.Join(' ', matches));
    }

    [Theory]
    [InlineData("items[?(", "something is missing at its end")]
    [InlineData("items[", "something is missing at its end")]
    [InlineData("items[0", "']' is missing at its end")]
    [InlineData("a..", "something is missing at its end")]
    [InlineData("a b.c", "an unexpected character is at character 3 ('b')")]
    [InlineData("items[::0]", "a step of 0 is at character 10 (']')")]
    [InlineData("a.`parent`", "a named operator, which is not supported, is at character 3 ('`')")]
    [InlineData("a['b]", "a quote that is not closed is at character 3 (''')")]
    [InlineData("", "something is missing at its end")]
    [InlineData("a[?(@.b =~ '(')]", "an invalid pattern")]
    public void What_is_no_path_is_an_error_with_its_place(string path, string problem)
    {
        Assert.Null(CursorPath.TryParse(path, out var found));
        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("updated at", true)]
    [InlineData("größe", true)]
    [InlineData("R&D", true)]
    [InlineData("'updated at'", false)]
    [InlineData("a.b", false)]
    public void A_plain_name_is_a_field_whatever_its_letters(string path, bool isField) =>
        Assert.Equal(isField ? path : null, CursorPath.Parse(path).Field);

    [Fact]
    public void Names_with_any_letters_make_a_path_that_can_be_written_down()
    {
        var path = CursorPath.Of(["data", "ferry.list", "it's"]);
        Assert.Equal("""data.'ferry.list'.'it\'s'""", path.Text);
        Assert.Equal(path.Names, CursorPath.Parse(path.Text).Names);
        Assert.Equal("$", CursorPath.Of([]).Text);
    }
}

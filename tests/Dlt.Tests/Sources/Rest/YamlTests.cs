using Dlt.Documents;

namespace Dlt.Tests.Sources.Rest;

public class YamlTests
{
    [Fact]
    public void Scalars_are_read_by_the_core_schema_of_YAML_1_2()
    {
        var read = Read("""
            [yes, no, on, true, False, ~, null, "", '12', 12, 012, 0x1f, 0o17, 1.5, 1e3, .5, 2024-01-02, 1:30,
             !!str 5, 12345678901234567890]
            """);
        Assert.Equal(
            """["yes","no","on",true,false,null,null,"","12",12,12,31,15,1.5,1000.0,0.5,"2024-01-02","1:30","5",12345678901234567890]""",
            read.ToString());
    }

    [Fact]
    public void Aliases_and_merge_keys_are_resolved_and_own_keys_win()
    {
        var read = Read("""
            base: &base {method: POST, headers: {A: "1"}}
            one: {<<: *base, method: GET}
            two: {<<: [{x: 1}, {x: 2, y: 3}], z: *base}
            """);
        Assert.Equal("""{"method":"GET","headers":{"A":"1"}}""", read["one"]!.ToString());
        Assert.Equal("""{"x":1,"y":3,"z":{"method":"POST","headers":{"A":"1"}}}""", read["two"]!.ToString());
    }

    [Theory]
    [InlineData("a: 1\nb: !ENV x", "line 2", "'b'")]
    [InlineData("a: .nan", "line 1", "'a'")]
    [InlineData("a: [1, {b: 'dlt.secrets[\"token\"]'}]", "'a[1].b'", "dlt.secrets")]
    [InlineData("a:\n  - 'lambda x: x'\n", "'a[0]'", "Python code")]
    [InlineData("a: 1\n---\nb: 2", "2 YAML documents", "")]
    [InlineData("a: [1", "is not YAML", "line")]
    public void What_is_no_value_is_an_error_with_its_place(string text, string place, string also)
    {
        var error = Assert.Throws<ConfigurationException>(() => DocumentText.FromYaml(text, "shop.yaml"));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(also, error.Message, StringComparison.Ordinal);
        Assert.Equal("shop.yaml", error.File);
    }

    [Fact]
    public void Aliases_within_aliases_end()
    {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
            + string.Concat("bcdefg".Select((c, i) => $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat("*" + "abcdefg"[i], 10))}]\n"));
        Assert.Contains("aliases", Assert.Throws<ConfigurationException>(() => Read(text)).Message, StringComparison.Ordinal);
    }

    private static JsonValue Read(string text) => DocumentText.FromYaml(text).Value;
}

using Dlt.Naming;
using Dlt.Schemas;

namespace Dlt.Tests.Core.Naming;

public sealed class NamingTests
{
    /// <summary>These names are columns of existing tables: a new version of the transliteration must not change them.</summary>
    [Theory]
    [InlineData("Имя", "imya")]
    [InlineData("Город", "gorod")]
    [InlineData("Дата рождения", "data_rozhdeniya")]
    [InlineData("商品", "shang_pin")]
    [InlineData("顧客", "gu_ke")]
    [InlineData("名前", "ming_qian")]
    [InlineData("カタカナ", "katakana")]
    [InlineData("이름", "i_leum")]
    [InlineData("العربية", "l_rbyh")]
    [InlineData("שם", "sm")]
    [InlineData("Ελληνικά", "ellinika")]
    [InlineData("नाम", "nam")]
    [InlineData("ชื่อ", "chueo")]
    [InlineData("é", "e")]
    [InlineData("€", "eur")]
    [InlineData("№", "no")]
    [InlineData("½", "_1_2")]
    [InlineData("😀", "grinning")]
    [InlineData("-", "x_ghgfvw")]
    [InlineData("_", "x_ise5jq")]
    [InlineData("+", "x_zpmxyg")]
    [InlineData("%", "x_j2bczw")]
    public void A_name_of_which_no_letter_or_digit_survives_is_transliterated_or_gets_its_tag(string name, string identifier)
    {
        Assert.Equal(identifier, NamingConvention.Create("snake_case", 255).NormalizeIdentifier(name));
        Assert.Equal(identifier, new Schema("s").NormalizeIdentifier($" {name} "));
        Assert.Equal("a__" + identifier, NamingConvention.Create("snake_case", 255).NormalizePath("a__" + name)
            .Replace("a__a__", "a__", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Größe", "gr_e")]
    [InlineData("événement", "_v_nement")]
    [InlineData("Имя 1", "_1")]
    [InlineData("日本Ltd", "_ltd")]
    [InlineData("٣", "_٣")]
    [InlineData("x", "x")]
    [InlineData("a+", "ax")]
    public void A_name_of_which_a_letter_or_digit_survives_is_the_name_of_dlt(string name, string identifier) =>
        Assert.Equal(identifier, NamingConvention.Create("snake_case", 255).NormalizeIdentifier(name));

    [Fact]
    public void Names_that_dlt_makes_equal_stay_apart()
    {
        string[] names = ["_", "-", "+", "*", "@", "|", "%", "日本", "Имя", "Город", "!", "!!", "?", "€", "$", "  -  -  "];
        foreach (var convention in new[] { "snake_case", "sql_cs_v1", "sql_ci_v1", "s3_tables" })
            Assert.Equal(names.Length, names.Select(NamingConvention.Create(convention, 255).NormalizeIdentifier)
                .Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Conventions_that_keep_other_scripts_keep_them()
    {
        Assert.Equal("Имя", NamingConvention.Create("direct", 255).NormalizeIdentifier("Имя"));
        Assert.Equal("Имя", NamingConvention.Create("duck_case", 255).NormalizeIdentifier("Имя"));
    }

    [Theory]
    [InlineData("Größe", "gr_e")]
    [InlineData("A/B", "a_b")]
    [InlineData("a:b", "a_b")]
    [InlineData("OrderNo", "order_no")]
    [InlineData("order-no", "order-no")]
    [InlineData("re:^OrderNo$", "re:^order_no$")]
    [InlineData("re:^order-no$", "re:^order-no$")]
    [InlineData("re:^x~y$", "re:^x~y$")]
    [InlineData("re:^a b$", "re:^a b$")]
    public void A_hint_is_a_name_where_pythons_escape_would_leave_it(string pattern, string normalized) =>
        Assert.Equal(normalized, HintPattern.Normalize(pattern, NamingConvention.Create("snake_case", 255)));
}

using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Expressions;

/// <summary>The text form of filters: what is read, and what an error says about the place.</summary>
public sealed class FilterParserTests
{
    private static readonly Schema Schema = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "Day", new PrimitiveType(PrimitiveKind.Date)),
        new(3, "moment", new PrimitiveType(PrimitiveKind.TimestampTz)), new(4, "s", new PrimitiveType(PrimitiveKind.String)),
        new(5, "twin", new PrimitiveType(PrimitiveKind.Int)), new(6, "TWIN", new PrimitiveType(PrimitiveKind.Int)),
    ]);

    [Theory]
    [InlineData("id between 1 and 5", "id >= 1 and id <= 5")]
    [InlineData("id BETWEEN -1 AND 5 and s = 'x'", "id >= -1 and id <= 5 and s = 'x'")]
    [InlineData("id not between 1 and 5", "id < 1 or id > 5")]
    [InlineData("day = date '2026-11-30'", "\"Day\" = '2026-11-30'")]
    [InlineData("DAY between DATE '2026-11-01' and DATE '2026-11-30'", "Day >= '2026-11-01' and Day <= '2026-11-30'")]
    [InlineData("day >= TIMESTAMP '2026-11-30 12:00:00'", "Day > '2026-11-30'")]
    [InlineData("Moment < timestamp '2026-11-30 12:00:00.5'", "moment < '2026-11-30T12:00:00.5'")]
    [InlineData("moment = TIMESTAMP '2026-11-30 12:00:00 UTC'", "moment = '2026-11-30T12:00:00Z'")]
    [InlineData("moment = TIMESTAMP '2026-11-30 12:00:00+02:00'", "moment = '2026-11-30T10:00:00Z'")]
    [InlineData("moment = DATE '2026-11-30'", "moment = '2026-11-30T00:00:00'")]
    [InlineData("S in ('a', 'b') AND ID is not null", "s in ('a', 'b') and id is not null")]
    [InlineData("twin = 1", "\"twin\" = 1")]
    public void A_condition_means_the_same_as_another(string text, string same) => Assert.Equal(Text(Bound(same)), Text(Bound(text)));

    [Theory]
    [InlineData("id between 1 or 5", "'and' and the upper bound is expected at character 14, before \"or 5\"")]
    [InlineData("id not 5", "'in', 'like' or 'between' is expected at character 8")]
    [InlineData("id = null", "a value ('is null' finds nulls) is expected at character 6")]
    [InlineData("id = s", "or text in single quotes is expected at character 6, before \"s\"")]
    [InlineData("day = date '2026-02-30'", "a date such as DATE '2026-11-30' is expected at character 7")]
    [InlineData("day = date 5", "a date such as DATE '2026-11-30' is expected at character 7")]
    [InlineData("moment > timestamp 'noon'", "a time such as TIMESTAMP '2026-11-30 12:00:00' is expected at character 10")]
    [InlineData("s like 'a_b%'", "a prefix with '%' at the end, such as 'abc%', is expected at character 8")]
    public void A_text_that_is_no_condition_is_refused_with_its_place(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => Filter.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("none = 1", "There is no column 'none'")]
    [InlineData("Twin = 1", "The column 'Twin' may be each of 'twin', 'TWIN'")]
    [InlineData("s = DATE '2026-11-30'", "'DATE '2026-11-30'' cannot be compared with column 's', which is string")]
    [InlineData("id < TIMESTAMP '2026-11-30 12:00'", "cannot be compared with column 'id', which is int")]
    public void A_condition_that_does_not_fit_the_table_is_refused_by_name(string text, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => Bound(text)).Message, StringComparison.Ordinal);

    private static Filter Bound(string text) => FilterBinder.Bind(Filter.Parse(text), Schema);

    private static string Text(Filter filter) => filter switch
    {
        AndFilter and => $"({Text(and.Left)} and {Text(and.Right)})",
        OrFilter or => $"({Text(or.Left)} or {Text(or.Right)})",
        BoundFilter bound => $"{bound.Field.Name} {bound.Operation} {string.Join(',', bound.Values)}",
        _ => $"{filter}",
    };
}

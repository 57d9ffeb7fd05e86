using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.LocalAccount.Engine;

/// <summary>Nulls within lists, maps and structs are printed as Athena prints them.</summary>
public sealed class NestedNullTests : AccountTests
{
    [Theory]
    [InlineData("[1, NULL, 3]", "[1, null, 3]")]
    [InlineData("[NULL, 1.5::DOUBLE]", "[null, 1.5]")]
    [InlineData("[1.50::DECIMAL(9, 2), NULL]", "[1.50, null]")]
    [InlineData("['a', NULL]", "[a, null]")]
    [InlineData("[true, NULL]", "[true, null]")]
    [InlineData("[DATE '2024-01-02', NULL]", "[2024-01-02, null]")]
    [InlineData("[[1, NULL], NULL]", "[[1, null], null]")]
    [InlineData("array_value(1, NULL)", "[1, null]")]
    [InlineData("MAP {'a': 1, 'b': NULL}", "{a=1, b=null}")]
    [InlineData("MAP {'a': [1, NULL], 'b': NULL}", "{a=[1, null], b=null}")]
    [InlineData("{'a': 1, 'b': NULL}", "{a=1, b=null}")]
    [InlineData("{'a': [1, NULL], 'b': 'x'}", "{a=[1, null], b=x}")]
    [InlineData("{'a': [1.5::DOUBLE, 2]}", "{a=[1.5, 2.0]}")]
    [InlineData("[{'a': [NULL, 'x']}, NULL]", "[{a=[null, x]}, null]")]
    [InlineData("[]", "[]")]
    [InlineData("NULL::INTEGER[]", null)]
    public async Task A_nested_value_is_returned_with_its_nulls(string expression, string? text) =>
        Assert.Equal(text, await Some.ValueAsync(await DatasetAsync(), $"SELECT {expression}"));

    [Fact]
    public async Task Names_and_the_order_of_the_rows_stay()
    {
        var found = await Some.QueryAsync(
            await DatasetAsync(), "SELECT {'a': [i, NULL]} AS s, i AS s FROM range(3) t(i) ORDER BY i DESC -- the last first");
        Assert.Equal(["s", "s"], found.Columns.Select(c => c.Name));
        Assert.Equal(["{a=[2, null]} 2", "{a=[1, null]} 1", "{a=[0, null]} 0"], found.Rows.Select(r => string.Join(' ', r)));
    }

    private async Task<LocalAthena> DatasetAsync()
    {
        await Account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, Cancellation);
        return Account;
    }
}

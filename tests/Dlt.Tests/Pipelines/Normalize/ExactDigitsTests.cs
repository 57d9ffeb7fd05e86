using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>JSON numbers with more digits than a double, in columns that hold them.</summary>
public sealed class ExactDigitsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("883406386745030.3", 16, 1)]
    [InlineData("9999999999999999999.999999999", 38, 9)]
    [InlineData("-0.1234567890123456789", 38, 19)]
    [InlineData("1.2345678901234567890e19", 38, 0, "12345678901234567890")]
    [InlineData("1.10000000000000000000000", 9, 2, "1.10")]
    public async Task A_declared_decimal_column_gets_the_digits_as_they_are_written(
        string number, int precision, int scale, string? seen = null)
    {
        var hints = new ResourceHints { Columns = [Column.Decimal("v", precision, scale)] };
        var other = scale == 0 ? "1" : "0.5";   // a number of few digits before it
        var file = _folder.Write("items.jsonl", $"{{\"v\":{other}}}\n{{\"v\":{number}}}\n");
        var fromFile = new LocalAthena(_folder.File("file"));
        await Some.Pipeline(fromFile).RunAsync(FileResource.Create("items", file, hints), Cancellation);
        var fromValue = new LocalAthena(_folder.File("value"));
        await Some.Pipeline(fromValue).RunAsync(Resource.Create("items", [JsonValue.Parse($"{{\"v\":{number}}}")], hints), Cancellation);
        Assert.Equal(seen ?? number, await Some.ValueAsync(fromFile, $"SELECT v FROM items WHERE v <> {other}"));
        Assert.Equal(seen ?? number, await Some.ValueAsync(fromValue, "SELECT v FROM items"));
    }

    [Fact]
    public async Task A_number_with_more_digits_than_its_decimal_column_is_kept_as_text()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Columns = [Column.Decimal("v", 20, 2)] };
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"v":883406386745030.3125}"""), Cancellation);
        Assert.Equal("883406386745030.3125", await Some.ValueAsync(account, "SELECT v__v_text FROM items"));
    }

    [Fact]
    public async Task A_column_of_integers_gets_a_whole_number_with_a_point_unchanged()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"v":1}""", """{"v":9007199254740993.0}"""), Cancellation);
        Assert.Equal("9007199254740993", await Some.ValueAsync(account, "SELECT max(v) FROM items"));
    }

    [Fact]
    public async Task A_nested_column_keeps_the_digits_of_its_decimals()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Columns = [Column.Nested("s", "struct<v:decimal(30,9)>")] };
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"s":{"v":9999999999999999999.999999999}}"""), Cancellation);
        Assert.Equal("9999999999999999999.999999999", await Some.ValueAsync(account, "SELECT s.v FROM items"));
    }

    [Fact]
    public async Task Two_decimal_keys_that_one_double_stands_for_are_two_rows()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            TableFormat = TableFormat.Iceberg,
            WriteDisposition = WriteDisposition.Merge,
            PrimaryKey = ["v"],
            Columns = [Column.Decimal("v", 38, 9)],
        };
        string[] items = ["""{"v":9999999999999999999.999999998}""", """{"v":9999999999999999999.999999999}"""];
        for (var run = 0; run < 2; run++) await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, items), Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }
}

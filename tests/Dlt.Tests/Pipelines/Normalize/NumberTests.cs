using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

public sealed class NumberTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1e400", "v__v_text", "1e400")]
    [InlineData("-1e400", "v__v_text", "-1e400")]
    [InlineData("\"1e400\"", "v__v_text", "1e400")]
    [InlineData("12345678901234567890", "v__v_decimal", "12345678901234567890")]
    [InlineData("99999999999999999999999999999999999999", "v__v_decimal", "99999999999999999999999999999999999999")]
    [InlineData("100000000000000000000000000000000000000", "v__v_text", "100000000000000000000000000000000000000")]
    [InlineData("123456789012345678901234567890123456789012345", "v__v_text", "123456789012345678901234567890123456789012345")]
    [InlineData("9007199254740993", "v__v_bigint", "9007199254740993")]
    [InlineData("-9007199254740993", "v__v_bigint", "-9007199254740993")]
    [InlineData("999999999999999999", "v__v_bigint", "999999999999999999")]
    public async Task A_number_that_a_double_does_not_hold_exactly_keeps_its_digits_in_a_column_of_doubles(
        string number, string column, string seen)
    {
        // The first lines teach the fast path that the column holds doubles.
        var account = Some.Account(_folder);
        var file = _folder.Write("items.jsonl", string.Concat(Enumerable.Repeat("{\"v\":1.5}\n{\"v\":9007199254740992}\n", 10))
            + $"{{\"v\":{number}}}\n{{\"v\":2}}\n");
        await Some.Pipeline(account).RunAsync(Resource.FromFile("items", file), Cancellation);
        Assert.Equal(["22", "21", "1", seen], (await Some.QueryAsync(account, $"SELECT count(*), count(v), count({column}), "
            + $"CAST(max({column}) AS varchar) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task An_integer_of_a_database_that_a_double_does_not_hold_exactly_keeps_its_digits()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", "{\"v\":1.5}"), Cancellation);
        await Some.Pipeline(account).RunAsync(Resource.Create("items", [new { v = 3L }, new { v = 9007199254740993L }]), Cancellation);
        Assert.Equal(["4.5", "9007199254740993"], (await Some.QueryAsync(account, "SELECT sum(v), max(v__v_bigint) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task A_key_of_another_type_is_named_as_such()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { PrimaryKey = ["id"] };
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"id":1}"""), Cancellation);
        var error = await Assert.ThrowsAsync<SchemaException>(() =>
            Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"id":"x1"}"""), Cancellation));
        Assert.Contains("rows have a value of another type", error.Message, StringComparison.Ordinal);
        Assert.Contains("id__v_text", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", "3", "3 3 1 3 3 1 3 3 1 3 3 1 2")]
    [InlineData("7", null, "7 7 7 7 2")]
    [InlineData(null, "8", "8 8 8 6")]
    public async Task File_max_items_and_row_group_size_are_bounds(string? items, string? rows, string groups)
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [.. new[]
        { ("NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS", items),
        ("NORMALIZE__DATA_WRITER__ROW_GROUP_SIZE", rows) }.Where(s => s.Item2 is not null).Select(s => (s.Item1, s.Item2!))];
        await Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, settings), Warn = _ => { } })
            .RunAsync(Resource.Create("items", Enumerable.Range(0, 30).Select(i => new { id = i, even = i % 2 == 0 ? "even" : null })),
                Cancellation);
        var files = Directory.GetFiles(account.Folder, "*.parquet", SearchOption.AllDirectories)
            .Where(f => f.Contains("/items/", StringComparison.Ordinal)).ToList();
        var found = new List<string>();
        foreach (var path in files)
        {
            using var file = new ParquetSharp.ParquetFileReader(path);
            var sizes = Enumerable.Range(0, file.FileMetaData.NumRowGroups).Select(g =>
            {
                using var group = file.RowGroup(g);
                return group.MetaData.NumRows;
            }).ToList();
            Assert.True(items is null || sizes.Sum() <= 7);
            found.AddRange(sizes.Select(s => $"{s}"));
        }

        Assert.Equal(groups.Split(' ').Order(), found.Order());
        Assert.Equal(["30", "435", "15"], (await Some.QueryAsync(account, "SELECT count(*), sum(id), count(CASE WHEN even = 'even' "
            + "AND id % 2 = 0 THEN 1 END) FROM items")).Rows[0]);
    }
}

using Dlt.Iceberg;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Keys are compared by their values, whatever the type of the column is and was.</summary>
public class KeyTypeTests : MergeTests
{
    private static readonly string[] Strategies = ["delete-insert", "upsert", "cdc", "insert-only"];

    private static readonly (DataType Type, string Key, string Other)[] Values =
    [
        (DataType.Text, "\"é\"", "\"e\""),
        (DataType.Text, "\"6f1c2c66-3c54-4c2d-8d9f-2f0c3f0d4b11\"", "\"6f1c2c66-3c54-4c2d-8d9f-2f0c3f0d4b12\""),
        (DataType.Bigint, "9007199254740993", "9007199254740992"),
        (DataType.Decimal, "\"1.10\"", "\"1.1000001\""),
        (DataType.Double, "0.1", "0.2"),
        (DataType.Bool, "true", "false"),
        (DataType.Timestamp, "\"2024-01-01T11:00:00.000001+01:00\"", "\"2024-01-01T11:00:00+01:00\""),
        (DataType.Date, "\"2024-01-01\"", "\"2024-01-02\""),
        (DataType.Binary, "\"AAE=\"", "\"AAI=\""),
    ];

    public static TheoryData<string, DataType, string, string> Keys
    {
        get
        {
            var data = new TheoryData<string, DataType, string, string>();
            foreach (var strategy in Strategies)
                foreach (var (type, key, other) in Values) data.Add(strategy, type, key, other);
            return data;
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public async Task Rows_of_the_same_key_meet(string strategy, DataType type, string key, string other)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy), Columns = [new("id", type, nullable: false)] };
        await LoadAsync(hints, $$"""{"id":{{key}},"v":1}""", $$"""{"id":{{other}},"v":2}""");
        await LoadAsync(hints, $$"""{"id":{{key}},"v":3}""", $$"""{"id":{{other}},"v":4}""");
        await AssertRowsAsync("SELECT v FROM items ORDER BY v", strategy == "insert-only" ? ["1", "2"] : ["3", "4"]);
    }

    [Theory]
    [InlineData("upsert"), InlineData("cdc"), InlineData("insert-only")]
    public async Task Decimal_keys_that_one_double_stands_for_have_ids_and_nested_rows_of_their_own(string strategy)
    {
        var hints = Merged with
        {
            MergeStrategy = Strategy(strategy),
            Columns = [Column("""{"name":"id","data_type":"decimal","precision":38,"scale":9}""")],
        };
        await LoadAsync(
            hints, """{"id":1234567890123456.125000001,"tags":["a"]}""", """{"id":1234567890123456.125000002,"tags":["b","c"]}""");
        await AssertRowsAsync("SELECT count(DISTINCT _dlt_id) FROM items", "2");
        await AssertTagsAsync("1234567890123456.125000001 a", "1234567890123456.125000002 b", "1234567890123456.125000002 c");
        await LoadAsync(
            hints, """{"id":1234567890123456.1250000010,"tags":["a"]}""", """{"id":"1234567890123456.125000002","tags":["b","c"]}""");
        await AssertTagsAsync("1234567890123456.125000001 a", "1234567890123456.125000002 b", "1234567890123456.125000002 c");
    }

    [Theory]
    [InlineData("""{"id":1,"d":1234567890123456.125000001}""", """{"id":1,"d":1234567890123456.125000002}""")]
    [InlineData("""{"id":1,"l":[{"d":1234567890123456.125000001}]}""", """{"id":1,"l":[{"d":1234567890123456.125000002}]}""")]
    public async Task A_decimal_that_changes_beyond_a_double_is_a_new_version(string before, string after)
    {
        var hints = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Scd2(),
            Columns = before.Contains('[', StringComparison.Ordinal) ? [] : [Decimal("d")],
            Nested = [new(["l"]) { Columns = [Decimal("d")] }],
        };
        foreach (var item in new[] { before, after, after }) await LoadAsync(hints, item);
        await AssertRowsAsync("SELECT count(*), count(_dlt_valid_to) FROM items", "2 1");
    }

    [Theory, MemberData(nameof(KeyStrategies))]
    public async Task An_integer_that_became_a_longer_one_is_the_same_key(string strategy)
    {
        var narrow = Merged with
        {
            MergeStrategy = Strategy(strategy),
            Columns = [Column("""{"name":"id","data_type":"bigint","precision":32}""")],
        };
        await LoadAsync(narrow, """{"id":1,"v":1}""", """{"id":2,"v":2}""");
        await WidenAsync(new PrimitiveType(PrimitiveKind.Long));
        var wide = narrow with { Columns = [Column("""{"name":"id","data_type":"bigint","precision":64}""")] };
        await LoadAsync(wide, """{"id":1,"v":3}""", """{"id":5000000000,"v":4}""");
        await AssertRowsAsync(
            "SELECT id, v FROM items ORDER BY id",
            strategy == "cdc" ? ["1 3", "5000000000 4"] : ["1 3", "2 2", "5000000000 4"]);
    }

    [Theory, MemberData(nameof(KeyStrategies))]
    public async Task A_decimal_that_got_more_digits_is_the_same_key(string strategy)
    {
        var narrow = Merged with
        {
            MergeStrategy = Strategy(strategy),
            Columns = [Column("""{"name":"id","data_type":"decimal","precision":9,"scale":2}""")],
        };
        await LoadAsync(narrow, """{"id":"1.10","v":1}""");
        await WidenAsync(PrimitiveType.Decimal(20, 2));
        var wide = narrow with { Columns = [Column("""{"name":"id","data_type":"decimal","precision":20,"scale":2}""")] };
        await LoadAsync(wide, """{"id":"1.1","v":2}""", """{"id":"123456789012.10","v":3}""");
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", "1.10 2", "123456789012.10 3");
    }

    [Fact]
    public async Task Negative_zero_and_zero_are_one_key()
    {
        var hints = Merged with { Columns = [new("id", DataType.Double, nullable: false)] };
        await LoadAsync(hints, """{"id":0.0,"v":1}""");
        await LoadAsync(hints, """{"id":-0.0,"v":2}""");
        await AssertRowsAsync("SELECT v FROM items", "2");
    }

    /// <summary>Another program widens the key column.</summary>
    private async Task WidenAsync(PrimitiveType type)
    {
        var table = await new GlueCatalog(Account.Glue, Account.Objects).LoadTableAsync(new("ds", "items"), Cancellation);
        await table.NewTransaction().UpdateSchema(schema => schema.PromoteColumn("id", type)).CommitAsync(Cancellation);
    }

    private static ColumnSchema Decimal(string name) => new ColumnSchema(name, DataType.Decimal);

    private static ColumnSchema Column(string json) => new ColumnSchema(Some.Item(json)).With("nullable", JsonValue.Bool(false));
}

using System.Data;
using System.Data.Common;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Tests.Support;
using DuckDB.NET.Data;

namespace Dlt.Tests.Pipelines.Normalize;

public sealed class DecimalTests : IDisposable
{
    private const string MaxOfBoth = "SELECT max(amount), max(amount__v_text) FROM prices";

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_decimal_of_a_database_keeps_its_declared_digits()
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, "SELECT 1.11::DECIMAL(12,2) AS price, 7::DECIMAL(38,0) AS whole, 0.00012::DECIMAL(5,5) AS small");
        Assert.Equal("price decimal(12,2), whole decimal(38,0), small decimal(5,5)", await TypesAsync(account, "prices"));
        Assert.Equal(["1.11", "7", "0.00012"], (await Some.QueryAsync(account, "SELECT price, whole, small FROM prices")).Rows[0]);
    }

    /// <summary>A column as ADO.NET providers describe it, and its type here.</summary>
    [Theory]
    [InlineData("numeric(12,0)", 12, null, "decimal(12,0)")]   // Npgsql
    [InlineData("numeric(12,2)", 12, 2, "decimal(12,2)")]
    [InlineData("numeric(38,0)", 38, 0, "decimal(38,0)")]      // SqlClient, MySqlConnector
    [InlineData("numeric(50,0)", 50, null, "decimal(38,0)")]
    [InlineData("numeric", null, null, "decimal(38,9)")]       // Npgsql
    [InlineData("numeric", 0, 0, "decimal(38,9)")]             // Npgsql in a table of the schema
    [InlineData("numeric", 0, null, "decimal(38,9)")]
    [InlineData("money", 19, 255, "decimal(38,9)")]            // SqlClient
    [InlineData("currency", 255, 255, "decimal(38,9)")]
    [InlineData("currency", 255, null, "decimal(38,9)")]
    [InlineData("NUMBER", 38, -127, "decimal(38,9)")]          // Oracle
    public async Task A_column_has_the_digits_that_the_provider_reports(
        string type, int? precision, int? scale, string expected)
    {
        var account = Some.Account(_folder);
        var reader = new FakeReader(["amount"], [type], [[7m], [12m]]) { Digits = [(precision, scale)] };
        await Some.Pipeline(account).RunAsync(
            Resource.FromReader("prices", (_, _) => Task.FromResult<DbDataReader>(reader)), Cancellation);
        Assert.Equal($"amount {expected}", await TypesAsync(account, "prices"));
        Assert.Equal("19", (await RowAsync(account, "SELECT CAST(sum(amount) AS bigint) FROM prices"))[0]);
    }

    [Fact]
    public async Task An_existing_decimal_column_keeps_its_digits_and_takes_fitting_values()
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, "SELECT 1.11::DECIMAL(12,2) AS price");
        var info = await LoadAsync(account, "SELECT 2.5::DECIMAL(12,4) AS price UNION ALL SELECT 2.2345");
        Assert.Equal("price decimal(12,2), price__v_decimal decimal(38,9)", await TypesAsync(account, "prices"));
        Assert.Equal(["3.61", "2.234500000"], await RowAsync(account, "SELECT sum(price), sum(price__v_decimal) FROM prices"));
        Assert.Equal([new("prices", "price__v_decimal", 1)], info.Changes.Variants);
    }

    [Fact]
    public async Task Decimals_of_Parquet_structs_and_lists_keep_their_declared_digits()
    {
        var account = Some.Account(_folder);
        var path = _folder.File("a.parquet");
        await using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            await connection.OpenAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.CommandText = $$"""
                COPY (
                    SELECT 1.11::DECIMAL(10,2) AS price, {'tax': 0.125::DECIMAL(5,3)} AS vat,
                        [{'net': 1.5::DECIMAL(6,1)}] AS lines, [2.25::DECIMAL(7,2)] AS parts)
                TO '{{path}}'
                """;
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        await Some.Pipeline(account).RunAsync(FileResource.Create("prices", path), Cancellation);
        Assert.Equal("price decimal(10,2), vat__tax decimal(5,3)", await TypesAsync(account, "prices"));
        Assert.Equal("net decimal(6,1)", await TypesAsync(account, "prices__lines"));
        Assert.Equal("value decimal(7,2)", await TypesAsync(account, "prices__parts"));
    }

    [Fact]
    public async Task Decimals_of_Arrow_batches_that_are_items_keep_their_declared_digits()
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, "prices", new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(1.5m).Append(2.25m).Build());
        Assert.Equal("amount decimal(10,2)", await TypesAsync(account, "prices"));
    }

    [Fact]
    public async Task A_hint_is_stronger_than_the_digits_of_the_source()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Columns = [Column.Decimal("price", 20, 6), Column.Text("text")] };
        await LoadAsync(account, "SELECT 1.11::DECIMAL(12,2) AS price, 2.22::DECIMAL(12,2) AS text", hints);
        Assert.Equal("price decimal(20,6), text string", await TypesAsync(account, "prices"));
    }

    [Fact]
    public async Task Numbers_of_a_database_without_declared_digits_are_rounded_half_to_even_and_one_warning_a_column_says_so()
    {
        // Of three hundred thirds each has more than nine digits; the halves show which way they are rounded.
        var account = Some.Account(_folder);
        decimal[] halves = [0.0000000005m, 0.0000000015m, -0.0000000025m, 7m, 1.123456789m];
        decimal[] numbers = [.. Enumerable.Range(1, 300).Select(i => i / 3m), .. halves];
        var info = await LoadAsync(account, Numbers(numbers));
        Assert.Equal("id bigint, amount decimal(38,9)", await TypesAsync(account, "prices"));
        Assert.Equal(
            numbers.Select(n => decimal.Round(n, 9, MidpointRounding.ToEven)),
            (await Some.QueryAsync(account, "SELECT amount FROM prices ORDER BY id")).Rows.Select(r => decimal.Parse(r[0]!, null)));
        var rounded = numbers.Count(n => decimal.Round(n, 9, MidpointRounding.ToEven) != n);
        Assert.Equal([new("prices", "amount", 9, rounded)], info.Changes.Rounded);
        Assert.Contains($"Rounded: prices.amount to 9 digits after the point ({rounded} rows)", info.ToString(), StringComparison.Ordinal);
        var warning = Assert.Single(_warnings);
        Assert.Contains($"{rounded} of its numbers", warning, StringComparison.Ordinal);
        Assert.Contains("Column.Decimal(\"amount\", 38, 18)", warning, StringComparison.Ordinal);
        Assert.Contains("Column.Text(\"amount\")", warning, StringComparison.Ordinal);
        Assert.Equal([], (await LoadAsync(account, Numbers([1.5m]))).Changes.Rounded);
    }

    [Fact]
    public async Task A_declared_column_is_never_rounded_and_what_it_lacks_digits_for_is_exact_elsewhere()
    {
        var account = Some.Account(_folder);
        var info = await LoadAsync(account, Numbers([1 / 3m, 1.5m]), new() { Columns = [Column.Decimal("amount", 38, 18)] });
        Assert.Equal(["1.500000000000000000", "0.3333333333333333333333333333"], await RowAsync(account, MaxOfBoth));
        Assert.Equal([], info.Changes.Rounded);
        Assert.Contains("Schema: prices: amount__v_text (1 row)", info.ToString(), StringComparison.Ordinal);
        await LoadAsync(account, Numbers([1 / 3m]), new() { TableName = "texts", Columns = [Column.Text("amount")] });
        Assert.Equal("0.3333333333333333333333333333", await Some.ValueAsync(account, "SELECT amount FROM texts"));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_number_with_more_digits_before_the_point_than_the_column_goes_to_a_variant()
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, Numbers([1.5m]));
        var values = new Decimal128Array.Builder(new Decimal128Type(38, 1)).Append("123456789012345678901234567890.5").Build();
        var info = await LoadAsync(account, "prices", values);
        Assert.Equal(["1.500000000", "123456789012345678901234567890.5"], await RowAsync(account, MaxOfBoth));
        Assert.Equal([new("prices", "amount__v_text", 1)], info.Changes.Variants);
    }

    [Fact]
    public async Task Decimals_of_objects_are_not_rounded()
    {
        var account = Some.Account(_folder);
        var prices = Resource.Create("prices", [new { amount = 1.5m }, new { amount = 1 / 3m }]);
        var info = await Some.Pipeline(account, warnings: _warnings).RunAsync(prices, Cancellation);
        Assert.Equal(["1.500000000", "0.3333333333333333333333333333"], await RowAsync(account, MaxOfBoth));
        Assert.Equal([new("prices", "amount__v_text", 1)], info.Changes.Variants);
    }

    private static DataTable Numbers(decimal[] numbers)
    {
        var table = new DataTable { Columns = { { "id", typeof(long) }, { "amount", typeof(decimal) } } };
        for (var i = 0; i < numbers.Length; i++) table.Rows.Add((long)i, numbers[i]);
        return table;
    }

    private static async Task<string?[]> RowAsync(LocalAthena account, string sql) => [.. (await Some.QueryAsync(account, sql)).Rows[0]];

    private async Task<LoadInfo> LoadAsync(LocalAthena account, DataTable table, ResourceHints? hints = null)
    {
        var prices = Resource.FromReader("prices", (_, _) => Task.FromResult<DbDataReader>(table.CreateDataReader()), hints);
        return await Some.Pipeline(account, warnings: _warnings).RunAsync(prices, Cancellation);
    }

    private async Task<LoadInfo> LoadAsync(LocalAthena account, string name, Decimal128Array values)
    {
        var batch = new RecordBatch(new Schema([new Field("amount", values.Data.DataType, true)], null), [values], values.Length);
        return await Some.Pipeline(account, warnings: _warnings).RunAsync(
            Resource.FromBatches(name, (_, _) => new[] { batch }.ToAsyncEnumerable()), Cancellation);
    }

    private async Task<LoadInfo> LoadAsync(LocalAthena account, string sql, ResourceHints? hints = null)
    {
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Cancellation);
        return await Some.Pipeline(account, warnings: _warnings).RunAsync(
            Resource.FromReader(
                "prices", async (_, stop) =>
                {
                    var command = connection.CreateCommand();
                    command.CommandText = sql;
                    return await command.ExecuteReaderAsync(stop);
                },
                hints), Cancellation);
    }

    private static async Task<string> TypesAsync(LocalAthena account, string table)
    {
        var columns = (await account.Glue.GetTableAsync("ds", table, Cancellation))!.Columns;
        return string.Join(", ", columns.Where(c => !c.Name.StartsWith('_')).Select(c => $"{c.Name} {c.Type}"));
    }
}

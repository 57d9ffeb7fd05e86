using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Expressions;

/// <summary>A filter may compare a column with a value that the column cannot hold; the answer is SQL's.</summary>
public sealed class FilterValueTests : IDisposable
{
    private static readonly Schema Schema = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "n", new PrimitiveType(PrimitiveKind.Long)),
        new(3, "m", PrimitiveType.Decimal(9, 2)), new(4, "d", new PrimitiveType(PrimitiveKind.Double)),
        new(5, "day", new PrimitiveType(PrimitiveKind.Date)), new(6, "moment", new PrimitiveType(PrimitiveKind.Timestamp)),
        new(7, "s", new PrimitiveType(PrimitiveKind.String)), new(8, "f", new PrimitiveType(PrimitiveKind.Float)),
    ]);

    private readonly TempFolder _folder = new();
    private readonly string _file;

    public FilterValueTests()
    {
        _file = _folder.File("rows.parquet");
        Duck.Execute($"""
            COPY (SELECT i::INTEGER AS id, (i * 1000000000000)::BIGINT AS n, (i / 200)::DECIMAL(9, 2) AS m,
                CASE i WHEN 7 THEN 'NaN'::DOUBLE WHEN 8 THEN 'Infinity'::DOUBLE WHEN 9 THEN 0 ELSE i / 4 END AS d,
                DATE '2024-01-01' + (i // 4)::INTEGER AS day, TIMESTAMP '2024-01-01' + i * INTERVAL 6 HOUR AS moment,
                CASE WHEN i % 3 > 0 THEN i::VARCHAR END AS s, (i / 10)::FLOAT AS f FROM range(-20, 20) t(i))
            TO '{_file}' (FORMAT parquet, FIELD_IDS {'{'}id: 1, n: 2, m: 3, d: 4, day: 5, moment: 6, s: 7, f: 8{'}'})
            """);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, object, string> Values => new()
    {
        { "m", 0.055m, "0.055" }, { "m", 0.05m, "0.05" }, { "m", -0.035m, "-0.035" }, { "m", 0.025, "0.025" },
        { "m", 5, "5" }, { "m", 12345678901.23m, "12345678901.23" }, { "m", -1e300, "-1e300" },
        { "m", "0.045", "0.045" }, { "m", double.PositiveInfinity, "'Infinity'::DOUBLE" },
        { "m", 1e-300, "0.0000000001" }, { "id", 1.5, "1.5" }, { "id", -1.5, "-1.5" }, { "id", 3.0, "3" },
        { "id", 2.5f, "2.5" }, { "id", 0.5m, "0.5" }, { "id", 5_000_000_000L, "5000000000" },
        { "id", "-3.2", "-3.2" }, { "id", -1e300, "-1e300" },
        { "n", 1.5e12, "1.5e12" }, { "n", 99999999999999999999m, "99999999999999999999" }, { "n", ulong.MaxValue, "18446744073709551615" },
        { "n", 5, "5" },
        { "d", 1.25m, "1.25" }, { "d", "2.5", "2.5" }, { "d", 3, "3" }, { "d", double.NegativeInfinity, "'-Infinity'::DOUBLE" },
        { "f", 1e300, "1e300::DOUBLE" }, { "f", -1e300, "-1e300::DOUBLE" }, { "f", 1e-300, "1e-300::DOUBLE" },
        { "f", -1e-300, "-1e-300::DOUBLE" }, { "f", 0.5, "0.5" }, { "f", 0.3, "0.3::FLOAT" },
        { "day", new DateTime(2024, 1, 2, 12, 0, 0), "TIMESTAMP '2024-01-02 12:00:00'" },
        { "day", new DateTime(2024, 1, 2), "TIMESTAMP '2024-01-02'" }, { "day", "2024-01-02T06:00:00", "TIMESTAMP '2024-01-02 06:00:00'" },
        { "day", new DateOnly(2024, 1, 2), "DATE '2024-01-02'" },
        { "moment", new DateOnly(2024, 1, 2), "TIMESTAMP '2024-01-02'" },
        { "moment", "2024-01-01T18:00:00.000000001", "TIMESTAMP_NS '2024-01-01 18:00:00.000000001'" },
        { "moment", new DateTime(2024, 1, 2).AddTicks(3), "TIMESTAMP_NS '2024-01-02 00:00:00.0000003'" },
    };

    [Theory, MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task Comparisons_answer_as_sql_does(string column, object value, string sql)
    {
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), Schema, cancellationToken: Cancellation);
        table = await table.NewTransaction()
            .Append([new DataFile { FilePath = _file, RecordCount = 40, FileSizeInBytes = new FileInfo(_file).Length }])
            .CommitAsync(Cancellation);
        // NaN is the greatest value in DuckDB. In Athena every comparison with NaN is false, so its negation is true.
        var isNaN = column is "d" or "f" ? $"isnan({column})" : "false";
        foreach (var (filter, operation, findsNaN) in new (Filter, string, bool)[]
                 {
                     (Filter.Less(column, value), "<", false),
                     (Filter.LessOrEqual(column, value), "<=", false),
                     (Filter.Greater(column, value), ">", false),
                     (Filter.GreaterOrEqual(column, value), ">=", false),
                     (Filter.Equal(column, value), "=", false),
                     (Filter.NotEqual(column, value), "<>", true),
                     (Filter.In(column, value), "=", false),
                     (Filter.NotIn(column, value), "<>", true),
                     (Filter.Not(Filter.Less(column, value)), ">=", true),
                 })
        {
            var expected = Duck.Values(findsNaN
                ? $"SELECT id FROM '{_file}' WHERE {column} {operation} {sql} OR {isNaN} ORDER BY id"
                : $"SELECT id FROM '{_file}' WHERE {column} {operation} {sql} AND NOT {isNaN} ORDER BY id");
            var found = await table.Scan().Where(filter).ReadRowsAsync(Cancellation).Select(r => $"{r[0]}").ToListAsync(Cancellation);
            Assert.True(expected.SequenceEqual(found),
                $"{column} {operation} {sql}: {string.Join(' ', found)} and not {string.Join(' ', expected)}");
        }
    }

    [Theory]
    [InlineData("s", 5)]
    [InlineData("id", "five")]
    [InlineData("day", "2024-02-30")]
    [InlineData("d", double.NaN)]
    [InlineData("m", double.NaN)]
    public void A_value_that_cannot_be_compared_is_refused_with_the_column(string column, object value) =>
        Assert.Contains($"olumn '{column}'",
            Assert.Throws<ArgumentException>(() => FilterBinder.Bind(Filter.Equal(column, value), Schema)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_field_below_a_list_cannot_be_compared()
    {
        var schema = new Schema([new(1, "l", new ListType(2, new PrimitiveType(PrimitiveKind.Int)))]);
        Assert.Contains("in a list or map",
            Assert.Throws<ArgumentException>(() => FilterBinder.Bind(Filter.Equal("l.element", 1), schema)).Message,
            StringComparison.Ordinal);
    }
}

using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Reading;

/// <summary>Row groups that no row can match are not read, and no row that matches is lost.</summary>
public sealed class RowGroupTests : IDisposable
{
    private const int Rows = 30_000, GroupRows = 2048;

    private static readonly Schema Schema = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "name", new PrimitiveType(PrimitiveKind.String)),
        new(3, "price", PrimitiveType.Decimal(9, 2)), new(4, "ratio", new PrimitiveType(PrimitiveKind.Double)),
        new(5, "day", new PrimitiveType(PrimitiveKind.Date)), new(6, "moment", new PrimitiveType(PrimitiveKind.Timestamp)),
        new(7, "small", new PrimitiveType(PrimitiveKind.Long)), new(8, "ok", new PrimitiveType(PrimitiveKind.Boolean)),
        new(9, "missing", new PrimitiveType(PrimitiveKind.Int)),
    ]);

    private readonly TempFolder _folder = new();
    private readonly string _file;

    public RowGroupTests()
    {
        _file = _folder.File("rows.parquet");
        Duck.Execute($"""
            COPY (SELECT i AS id, 'name ' || lpad(i::VARCHAR, 6, '0') AS name, (i / 100)::DECIMAL(9, 2) AS price,
                CASE WHEN i % 4096 < 2048 THEN NULL ELSE i / 7.0 END AS ratio,
                DATE '2020-01-01' + (i // 100)::INTEGER AS day, TIMESTAMP '2020-01-01' + i * INTERVAL 1 MINUTE AS moment,
                (i // 3)::INTEGER AS small, i > 15000 AS ok FROM range({Rows}) t(i))
            TO '{_file}' (FORMAT parquet, ROW_GROUP_SIZE {GroupRows},
                FIELD_IDS {'{'}id: 1, name: 2, price: 3, ratio: 4, day: 5, moment: 6, small: 7, ok: 8{'}'})
            """);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("id = 20000", 1)]
    [InlineData("id < 100 or id > 29950", 2)]
    [InlineData("id in (5, 15000, 29999)", 3)]
    [InlineData("name >= 'name 028000'", 2)]
    [InlineData("price > 290.00", 1)]
    [InlineData("day = '2020-02-15'", 1)]
    [InlineData("moment < '2020-01-02T00:00:00'", 1)]
    [InlineData("small = 7", 1)]
    [InlineData("ok = false", 8)]
    [InlineData("ratio > 4000", 1)]
    [InlineData("ratio is null", 15)]          // counts of nulls that are 0 may be missing in the file
    [InlineData("ratio is not null", 7)]
    [InlineData("id <> 5", 15)]
    [InlineData("id > 40000", 0)]
    [InlineData("id = 3 and missing is null", 1)]
    public async Task Only_row_groups_that_may_match_are_read(string where, int groups)
    {
        var filter = FilterBinder.Bind(Filter.Parse(where), Schema);
        var (count, read, matching) = (0L, 0, new List<long>());
        await using (var stream = File.OpenRead(_file))
        {
            await foreach (var batch in new ParquetDataFileReader().ReadAsync(stream, new(_file, Schema) { Filter = filter }, Cancellation))
            {
                count += batch.RowCount;
                read += batch.Rows.Count;
            }
        }

        Assert.Equal(Rows, count);
        Assert.Equal(groups, (read + GroupRows - 1) / GroupRows);
        var table = await TableAsync();
        await foreach (var row in table.Scan().Where(Filter.Parse(where)).ReadRowsAsync(Cancellation)) matching.Add((long)row[0]!);
        var sql = where.Replace("missing is null", "true", StringComparison.Ordinal).Replace("T00:00:00", "", StringComparison.Ordinal);
        Assert.Equal(Duck.Values($"SELECT id FROM '{_file}' WHERE {sql} ORDER BY id"), matching.Select(m => $"{m}"));
    }

    [Fact]
    public async Task Positions_of_deleted_rows_count_skipped_rows_too()
    {
        var table = await TableAsync();
        table = await (await table.NewTransaction()
            .DeleteAsync(Filter.Parse("id in (20000, 20001, 7)"), RowChangeMode.MergeOnRead, Cancellation)).CommitAsync(Cancellation);
        var left = new List<long>();
        await foreach (var row in table.Scan().Where(Filter.Parse("id >= 19999 and id < 20004")).Select("id").ReadRowsAsync(Cancellation))
            left.Add((long)row[0]!);
        Assert.Equal([19999, 20002, 20003], left);
    }

    private async Task<Table> TableAsync()
    {
        var catalog = new FolderCatalog(_folder.File("warehouse")) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), Schema, cancellationToken: Cancellation);
        return await table.NewTransaction()
            .Append([new DataFile { FilePath = _file, RecordCount = Rows, FileSizeInBytes = new FileInfo(_file).Length }])
            .CommitAsync(Cancellation);
    }
}

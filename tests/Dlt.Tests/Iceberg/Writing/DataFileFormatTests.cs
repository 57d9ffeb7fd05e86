using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Parquet;
using Dlt.Tests.Parquet.Indexes;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>
/// Every writer makes files that all engines read: PLAIN and dictionaries, pages of version 1, page indexes, Iceberg's physical types.
/// </summary>
public sealed class DataFileFormatTests : IDisposable
{
    private const int PhysicalInt32 = 1, PhysicalInt64 = 2, PhysicalFixed = 7;
    private const int Plain = 0, Rle = 3, DeltaBinary = 5, DeltaLength = 6, RleDictionary = 8;
    private const int UuidType = 14;
    private const int Rows = 6000;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static PrimitiveType Type(string text) => PrimitiveType.Parse(text);

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task Data_files_have_no_delta_encodings_but_page_indexes(bool hasNested)
    {
        var file = new PageIndexReader(Assert.Single(await WriteAsync(hasNested)));
        CheckForm(file);
        Assert.Equal(file.Columns.Count, file.ColumnOrders);
        Assert.Matches(hasNested ? "^parquet-cpp-arrow version " : @"^dlt-dotnet version \d+\.\d+\.\d+ \(build .+\)$", file.CreatedBy);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Decimals_are_integers_as_long_as_they_fit(bool hasNested)
    {
        var file = new PageIndexReader(Assert.Single(await WriteAsync(hasNested)));
        Assert.Equal([PhysicalInt32, PhysicalInt64, PhysicalFixed], new[] { 4, 5, 6 }.Select(id => (int)file.Element(id)[1]!.Value.Long));
        Assert.Equal(9, file.Element(6)[2]!.Value.Long);   // the fewest bytes that hold 20 digits
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Uuids_carry_their_type(bool hasNested)
    {
        var path = Assert.Single(await WriteAsync(hasNested));
        foreach (var id in hasNested ? new[] { 3, 12 } : [3])
            Assert.NotNull(new PageIndexReader(path).Element(id)[10]!.Value.Struct[UuidType]);
        Assert.Equal(["UUID"], Duck.Values($"SELECT DISTINCT typeof(u) FROM '{path}'"));
        Assert.Equal([$"{Uuid(5)}"], Duck.Values($"SELECT u FROM '{path}' WHERE id = 5"));
    }

    [Fact]
    public async Task Rows_of_every_type_are_read_back()
    {
        foreach (var hasNested in new[] { false, true })
        {
            await WriteAsync(hasNested);
            var table = await new FolderCatalog(_folder.File($"{hasNested}")) { DataFileReader = new ParquetDataFileReader() }
                .LoadTableAsync(new("db", "t"), Cancellation);
            var row = 0;
            await foreach (var values in table.Scan().ReadRowsAsync(Cancellation))
            {
                Assert.Equal(Uuid(row), values[2]);
                Assert.Equal<object>((Int128)(row - 3000), values[3]!);
                Assert.Equal<object>((Int128)row * 1_000_000_007, values[4]!);
                Assert.Equal<object>((Int128)row * -1_000_000_007_000, values[5]!);
                Assert.Equal<object>($"text {row}", values[7]!);
                row++;
            }

            Assert.Equal(Rows, row);
        }
    }

    [Fact]
    public async Task Files_of_position_deletes_have_no_delta_encodings_but_page_indexes()
    {
        await WriteAsync(hasNested: false);
        var table = await new FolderCatalog(_folder.File("False")) { DataFileReader = new ParquetDataFileReader() }
            .LoadTableAsync(new("db", "t"), Cancellation);
        var before = Files("False");
        await (await table.NewTransaction().DeleteAsync(Filter.Parse("id >= 100 and id < 3000"), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        var deletes = new PageIndexReader(Assert.Single(Files("False").Except(before)));
        Assert.Equal(["file_path", "pos"], deletes.Columns);
        CheckForm(deletes);
    }

    [Fact]
    public async Task Delta_encodings_are_a_property_of_the_table()
    {
        var file = new PageIndexReader(Assert.Single(
            await WriteAsync(hasNested: false, new Dictionary<string, string> { ["write.parquet.delta-encodings"] = "true" })));
        Assert.Contains(DeltaBinary, file.Chunks("id").Single().Encodings);
        Assert.Contains(DeltaLength, file.Chunks("s").Single().Encodings);
        Assert.Equal(["6000"], Duck.Values($"SELECT count(DISTINCT s) FROM '{Files("False").Single()}'"));
    }

    [Fact]
    public async Task Pages_and_dictionaries_have_the_size_of_the_table_properties()
    {
        var properties = new Dictionary<string, string>
        {
            ["write.parquet.page-row-limit"] = "1000",
            ["write.parquet.dict-size-bytes"] = "10",
        };
        var file = new PageIndexReader(Assert.Single(await WriteAsync(hasNested: false, properties)));
        Assert.InRange(file.Chunks("id").Single().Pages.Count, 6, 7);
        Assert.Equal([Plain, Rle], file.Chunks("few").Single().Encodings);
        Assert.Contains(RleDictionary, new PageIndexReader(Assert.Single(await WriteAsync(hasNested: false)))
            .Chunks("few").Single().Encodings);
    }

    [Theory, InlineData("hive", false), InlineData("iceberg", false), InlineData("hive", true), InlineData("iceberg", true)]
    public async Task Files_of_a_pipeline_have_delta_encodings_only_when_the_configuration_says_so(string format, bool hasDelta)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(account.Folder, hasDelta ? [("DATA_WRITER__DELTA_ENCODINGS", "true")] : []);
        var hints = new ResourceHints { TableFormat = Some.Format(format), Columns = [Column.Decimal("m", 9, 2), Column.Timestamp("at")] };
        var items = Enumerable.Range(0, Rows)
            .Select(i => Some.Item(
                $$"""{"id":{{i}},"s":"text {{i}}","m":"{{i % 7}}.25","at":"2024-01-01T00:00:{{i % 60:00}}Z","d":{{i}}.5}"""));
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } })
            .RunAsync(Resource.Create("items", items, hints), Cancellation);
        var path = Assert.Single(
            Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items"), "*.parquet", SearchOption.AllDirectories));
        var file = new PageIndexReader(path);
        if (hasDelta) Assert.Contains(DeltaBinary, file.Chunks("id").Single().Encodings);
        else CheckForm(file);
        Assert.Equal([format == "iceberg" ? "INT32" : "FIXED_LEN_BYTE_ARRAY"],
            Duck.Values($"SELECT type FROM parquet_schema('{path}') WHERE name = 'm'"));
        var counts = await Some.QueryAsync(account, "SELECT count(*), min(m), max(m) FROM items");
        Assert.Equal([$"{Rows}", "0.25", "6.25"], counts.Rows[0]);
    }

    private static void CheckForm(PageIndexReader file)
    {
        foreach (var column in file.Columns)
        {
            foreach (var chunk in file.Chunks(column))
            {
                Assert.Subset(new HashSet<long> { Plain, Rle, RleDictionary }, chunk.Encodings.ToHashSet());
                Assert.All(chunk.Pages, p => Assert.True(p.IsDataPageV1));
                Assert.NotNull(chunk.Index);
            }
        }
    }

    private static Guid Uuid(int row) => new(row, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);

    private List<string> Files(string catalog) => [.. Directory.GetFiles(_folder.File(catalog), "*.parquet", SearchOption.AllDirectories)];

    private async Task<List<string>> WriteAsync(bool hasNested, IReadOnlyDictionary<string, string>? properties = null)
    {
        var name = $"{hasNested}";
        if (Directory.Exists(_folder.File(name))) Directory.Delete(_folder.File(name), recursive: true);
        List<NestedField> fields =
        [
            new(1, "id", Type("long")), new(2, "few", Type("int")), new(3, "u", Type("uuid")),
            new(4, "d9", Type("decimal(9,2)")), new(5, "d18", Type("decimal(18,2)")), new(6, "d20", Type("decimal(20,2)")),
            new(7, "at", Type("timestamptz")), new(8, "s", Type("string")), new(9, "day", Type("date")), new(10, "x", Type("double")),
        ];
        if (hasNested)
            fields.Add(new(11, "n", new StructType([new(12, "u", Type("uuid")), new(13, "l", new ListType(14, Type("long"), false))])));
        var catalog = new FolderCatalog(_folder.File(name)) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), new Schema([.. fields]), properties: properties,
            cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        for (var row = 0; row < Rows; row++)
        {
            List<object?> values =
            [
                (long)row, row % 5, Uuid(row), (Int128)(row - 3000), (Int128)row * 1_000_000_007, (Int128)row * -1_000_000_007_000,
                DateTimeOffset.UnixEpoch.AddSeconds(row), $"text {row}", new DateOnly(2024, 1, 1).AddDays(row % 400), row / 7.0,
            ];
            if (hasNested) values.Add(new object?[] { Uuid(row), new List<object?> { (long)row, 1L } });
            await writer.AddAsync(values, Cancellation);
        }

        await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        return Files(name);
    }
}

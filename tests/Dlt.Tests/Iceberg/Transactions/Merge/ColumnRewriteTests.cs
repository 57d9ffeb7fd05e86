using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dlt.Iceberg;
using Dlt.Parquet;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>
/// Files that are rewritten column by column, next to the same files rewritten row by row. DLT_REWRITES is the number of random tables.
/// </summary>
public sealed class ColumnRewriteTests : IDisposable
{
    private const int Tables = 12;
    private const string RemovedText = "kingfisher";

    private static readonly PrimitiveType Long = new(PrimitiveKind.Long);
    private static readonly PrimitiveType Text = new(PrimitiveKind.String);

    private static readonly PrimitiveType[] Types =
    [
        new(PrimitiveKind.Boolean), new(PrimitiveKind.Int), Long, new(PrimitiveKind.Double), PrimitiveType.Decimal(9, 2),
        PrimitiveType.Decimal(18, 4), PrimitiveType.Decimal(38, 5), new(PrimitiveKind.Date), new(PrimitiveKind.Time),
        new(PrimitiveKind.Timestamp), new(PrimitiveKind.TimestampTz), Text, new(PrimitiveKind.Uuid), new(PrimitiveKind.Binary),
    ];

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rewrite_by_columns_gives_the_rows_and_metrics_of_a_rewrite_by_rows()
    {
        var tables = int.TryParse(Environment.GetEnvironmentVariable("DLT_REWRITES"), CultureInfo.InvariantCulture, out var wanted)
            ? wanted : Tables;
        for (var seed = 0; seed < tables; seed++)
        {
            var random = new Random(seed);
            var table = await RandomTableAsync($"t{seed}", random);
            var tasks = await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation);
            List<RewriteSource> sources = [.. tasks.Select(t => RandomSource(table, t, random))];
            var byRows = await ByRowsAsync(table, sources);
            var byColumns = await ByColumnsAsync(table, sources);
            Assert.Equal(byRows.Sum(f => f.RecordCount), byColumns.Sum(f => f.RecordCount));
            Assert.Equal(await TextsAsync(table, byRows), await TextsAsync(table, byColumns));
            if (byRows.Count != 1 || byColumns.Count != 1) continue;
            Assert.Equal(Metrics(byRows[0]), Metrics(byColumns[0]));
            Assert.Equal(Columns(byRows[0]), Columns(byColumns[0]));
        }
    }

    [Fact]
    public async Task Hashes_of_columns_are_those_of_values()
    {
        var random = new Random(1);
        var table = await RandomTableAsync("t", random, evolves: false);
        var schema = table.Metadata.CurrentSchema;
        var reader = new RowBatchReader(table);
        var read = 0;
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation))
        {
            for (var i = 0; i < schema.Fields.Length; i++)
            {
                var key = new Dlt.Iceberg.KeyColumns([schema.Fields[i], schema.Fields[(i + 5) % schema.Fields.Length]]);
                await foreach (var batch in reader.ReadAsync(task, key.Fields, Cancellation))
                {
                    Assert.IsType<ColumnRowBatch>(batch);
                    var rows = Enumerable.Range(0, batch.Rows).Select(r => key.Fields.Select(f => batch.ValueOf(f, r)).ToArray());
                    var access = key.Fields.Select((f, n) => (f.Id, n)).ToDictionary(
                        f => f.Id, f => (Func<object?[], object?>)(row => row[f.n]));
                    var values = new ValueRowBatch([.. rows.Select((r, n) => (batch.PositionOf(n), r))], access);
                    Assert.Equal(Hashes(values, key), Hashes(batch, key));
                    read += batch.Rows;
                }
            }
        }

        Assert.True(read > 1000);
    }

    [Fact]
    public async Task A_file_does_not_keep_values_of_removed_rows()
    {
        var properties = new Dictionary<string, string> { ["write.parquet.compression-codec"] = "uncompressed" };
        var schema = new Schema([new(1, "id", Long), new(2, "name", Text)]);
        var table = await Catalog().CreateTableAsync(
            new("db", "t"), schema, properties: properties, cancellationToken: Cancellation);
        table = await AppendAsync(table, Enumerable.Range(0, 9000).Select(
            i => new object?[] { (long)i, i % 100 == 7 ? RemovedText : $"name {i % 50}" }));
        var task = (await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Single();
        Assert.Contains(RemovedText, Encoding.Latin1.GetString(File.ReadAllBytes(PathOf(task.File))));
        var kept = RowPositions.All(9000);
        for (var i = 7; i < 9000; i += 100) kept.Remove(i);
        var files = await ByColumnsAsync(table, [new(task, kept, null, new Dictionary<int, object?>())]);
        Assert.DoesNotContain(RemovedText, Encoding.Latin1.GetString(File.ReadAllBytes(PathOf(Assert.Single(files)))));
    }

    [Fact]
    public async Task Row_groups_without_a_removed_row_are_copied_as_bytes()
    {
        var schema = new Schema([new(1, "id", Long), new(2, "name", Text), new(3, "n", new PrimitiveType(PrimitiveKind.Double)),
            new(4, "none", Text), new(5, "flag", new PrimitiveType(PrimitiveKind.Boolean))]);
        var table = await Catalog().CreateTableAsync(new("db", "t"), schema, cancellationToken: Cancellation);
        table = await AppendAsync(table, Enumerable.Range(0, 300_000).Select(
            i => new object?[] { (long)i, i % 3 == 0 ? null : $"name {i}", i / 4.0, null, i % 5 == 0 }));
        var task = (await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Single();
        var old = task.File;
        for (var round = 0; round < 2; round++)
        {
            var kept = RowPositions.All(task.File.RecordCount);
            kept.Remove(task.File.RecordCount - 1);
            var file = Assert.Single(await ByColumnsAsync(table, [new(task, kept, null, new Dictionary<int, object?>())]));
            Assert.Equal(Chunks(old).Take(10), Chunks(file).Take(10));   // two row groups of five columns
            Assert.NotEqual(Chunks(old)[10], Chunks(file)[10]);
            Assert.Equal(299_999 - round, file.RecordCount);
            Assert.Equal(0L, file.NanValueCounts![3]);
            Assert.Equal(["131072"], Duck.Values($"SELECT count(*) FROM '{PathOf(file)}' WHERE id >= 100 AND id < 131172"));
            Assert.Equal([$"{299_999 - round}"], Duck.Values($"SELECT count(*) FROM '{PathOf(file)}' WHERE n = id / 4.0"));
            task = NewRows.TaskOf(file);
        }
    }

    [Fact]
    public async Task DuckDB_reads_the_rows_of_a_rewritten_file()
    {
        var table = await Catalog().CreateTableAsync(
            new("db", "t"), new Schema([new(1, "id", Long), new(2, "name", Text), new(3, "n", new PrimitiveType(PrimitiveKind.Double))]),
            cancellationToken: Cancellation);
        table = await AppendAsync(table, Enumerable.Range(0, 300_000).Select(
            i => new object?[] { (long)i, i % 3 == 0 ? null : $"name {i % 77}", i / 4.0 }));
        var task = (await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Single();
        var kept = RowPositions.All(300_000);
        for (var i = 0; i < 300_000; i += 10) kept.Remove(i);
        var changed = new RowPositions(300_000);
        for (var i = 5; i < 300_000; i += 10) changed.Add(i);
        var values = new Dictionary<int, object?> { [2] = "changed" };
        var path = PathOf(Assert.Single(await ByColumnsAsync(table, [new(task, kept, changed, values)])));
        var expected = "(SELECT i AS id, CASE WHEN i % 10 = 5 THEN 'changed' WHEN i % 3 <> 0 THEN 'name ' || i % 77 END AS name, "
            + "i / 4.0 AS n FROM range(300000) r(i) WHERE i % 10 <> 0)";
        Assert.Equal(["270000"], Duck.Values($"SELECT count(*) FROM '{path}'"));
        var others = $"SELECT id, name, n FROM '{path}' EXCEPT SELECT id, name, n FROM {expected}";
        Assert.Equal(["0"], Duck.Values($"SELECT count(*) FROM ({others})"));
    }

    private static List<(UInt128, bool, UInt128)> Hashes(RowBatch batch, Dlt.Iceberg.KeyColumns key)
    {
        var (hashes, hasNull, values) = (new UInt128[batch.Rows], new bool[batch.Rows], new UInt128[batch.Rows]);
        batch.Hash(key, hashes, hasNull);
        batch.HashValues(key, values);
        return [.. Enumerable.Range(0, batch.Rows).Select(i => (hashes[i], hasNull[i], values[i]))];
    }

    /// <summary>Random rows are kept and changed.</summary>
    private static RewriteSource RandomSource(Table table, ScanTask task, Random random)
    {
        var rows = task.File.RecordCount;
        var kept = RowPositions.All(rows);
        var isWhole = random.Next(4) == 0;
        for (var n = rows / random.Next(2, 60); n >= 0 && !isWhole; n--) kept.Remove(random.NextInt64(rows));
        if (random.Next(2) == 0) return new(task, kept, null, new Dictionary<int, object?>());
        var changed = new RowPositions(rows);
        for (var n = random.Next(1, 200); n >= 0; n--) changed.Add(random.NextInt64(rows));
        var fields = table.Metadata.CurrentSchema.Fields;
        var field = fields[random.Next(1, fields.Length)];
        var values = new Dictionary<int, object?>
        {
            [field.Id] = random.Next(3) == 0 ? null : Value((PrimitiveType)field.Type, random),
        };
        return new(task, kept, changed, values);
    }

    private static async Task<List<DataFile>> ByRowsAsync(Table table, IEnumerable<RewriteSource> sources)
    {
        await using var rows = new RowRewrite(table);
        foreach (var source in sources) await rows.AddAsync(source, Cancellation);
        return [.. await rows.CompleteAsync(Cancellation)];
    }

    private static async Task<List<DataFile>> ByColumnsAsync(Table table, IEnumerable<RewriteSource> sources)
    {
        await using var columns = new ColumnRewrite(table);
        foreach (var source in sources) Assert.True(await columns.TryAddAsync(source, Cancellation));
        return [.. await columns.CompleteAsync(Cancellation)];
    }

    private static async Task<List<string>> TextsAsync(Table table, IEnumerable<DataFile> files)
    {
        var reader = new TaskReader(table.Files, table.Metadata, table.Catalog!.DataFileReader);
        var texts = new List<string>();
        foreach (var file in files)
        {
            var batches = reader.ReadAsync(NewRows.TaskOf(file), table.Metadata.CurrentSchema, Filter.True, Cancellation);
            await foreach (var batch in batches)
                texts.AddRange(batch.Select(r => string.Join('|', r.Row.Select((v, i) => ValueText.Of(TypeOf(table, i), v)))));
        }

        return texts;
    }

    private static PrimitiveType TypeOf(Table table, int column) => (PrimitiveType)table.Metadata.CurrentSchema.Fields[column].Type;

    private static List<string> Metrics(DataFile file) =>
    [
        $"{file.RecordCount} rows, sorted by {file.SortOrderId}, spec {file.SpecId}",
        .. file.ValueCounts!.Select(c => $"{c.Key} values {c.Value}").Order(StringComparer.Ordinal),
        .. file.NullValueCounts!.Select(c => $"{c.Key} nulls {c.Value}").Order(StringComparer.Ordinal),
        .. (file.NanValueCounts ?? new Dictionary<int, long>()).Select(c => $"{c.Key} nans {c.Value}").Order(StringComparer.Ordinal),
        .. file.LowerBounds!.Select(c => $"{c.Key} >= {Convert.ToHexString(c.Value)}").Order(StringComparer.Ordinal),
        .. file.UpperBounds!.Select(c => $"{c.Key} <= {Convert.ToHexString(c.Value)}").Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Columns(DataFile file) => ParquetFooter.Read(PathOf(file)).Elements.Select(
        e => $"{e.FieldId} {e.Name} {e.PhysicalType} {e.IsRequired} {e.IsUuid} {e.TimestampUnitNanos}");

    /// <summary>Bytes of the column chunks.</summary>
    private static List<string> Chunks(DataFile file)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        var chunks = ParquetFooter.Read(PathOf(file)).RowGroups.SelectMany(g => g.Columns);
        return [.. chunks.Select(c => Convert.ToHexString(SHA256.HashData(bytes.AsSpan((int)c.Start, (int)c.CompressedBytes))))];
    }

    private static string PathOf(DataFile file) => LocalFileIO.PathOf(file.FilePath);

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };

    /// <summary>A table with columns of all types, several files, and deleted rows.</summary>
    private async Task<Table> RandomTableAsync(string name, Random random, bool evolves = true)
    {
        var types = Types.OrderBy(_ => random.Next()).Take(evolves ? random.Next(3, Types.Length + 1) : Types.Length).ToList();
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)),
            .. types.Select((t, i) => new NestedField(i + 2, $"c{i}", t))]);
        var properties = new Dictionary<string, string>
        {
            ["write.parquet.compression-codec"] = new[] { "zstd", "snappy", "gzip", "uncompressed" }[random.Next(4)],
            ["write.parquet.row-group-size-bytes"] = random.Next(2) == 0 ? "100000" : "134217728",
            ["write.delete.mode"] = "merge-on-read",
        };
        var table = await Catalog().CreateTableAsync(new("db", name), schema, properties: properties, cancellationToken: Cancellation);
        for (var file = random.Next(1, 4); file > 0; file--)
        {
            var rows = random.Next(1, 4000);
            table = await AppendAsync(table, RandomRows(table, rows, random));
            if (random.Next(2) == 0) continue;
            var deletion = table.NewTransaction();
            table = await (await deletion.DeleteAsync(Filter.Parse($"id in ({random.Next(rows)}, {random.Next(rows)})"),
                RowChangeMode.MergeOnRead, Cancellation)).CommitAsync(Cancellation);
        }

        if (!evolves || random.Next(2) == 0) return table;
        table = await table.NewTransaction().UpdateSchema(s => s.PromoteColumn("id", Long).RenameColumn("c0", "renamed").DropColumn("c1")
            .AddColumn("added", Types[random.Next(Types.Length)])).CommitAsync(Cancellation);
        return random.Next(2) == 0 ? table : await AppendAsync(table, RandomRows(table, random.Next(1, 2000), random));
    }

    private static IEnumerable<object?[]> RandomRows(Table table, int rows, Random random)
    {
        var fields = table.Metadata.CurrentSchema.Fields;
        var isNull = fields.Select(_ => random.Next(4) switch { 0 => 0.0, 1 => 1.0, _ => 0.1 }).ToArray();
        for (var row = 0; row < rows; row++)
        {
            yield return [.. fields.Select((f, i) => i == 0 ? Id(f, row)
                : random.NextDouble() < isNull[i] ? null : Value((PrimitiveType)f.Type, random))];
        }
    }

    private static object Id(NestedField field, int row)
    {
        if (field.Type is PrimitiveType { Kind: PrimitiveKind.Long }) return (long)row;
        return row;
    }

    private static object Value(PrimitiveType type, Random random)
    {
        var number = random.Next(3) == 0 ? random.Next(-1_000_000, 1_000_000) : random.Next(-9, 9);
        return type.Kind switch
        {
            PrimitiveKind.Boolean => number % 2 == 0,
            PrimitiveKind.Int => number,
            PrimitiveKind.Date => number / 2,
            PrimitiveKind.Double => number switch { 7 => double.NaN, 3 => -0.0, _ => number / 8.0 },
            PrimitiveKind.Decimal => (Int128)number * (type.Precision > 18 ? 10_000_000_000_000_000 : 1),
            PrimitiveKind.String => $"text é {number}",
            PrimitiveKind.Uuid => new Guid(number, 1, 2, [1, 2, 3, 4, 5, 6, 7, (byte)random.Next(256)]),
            PrimitiveKind.Binary => BitConverter.GetBytes(number),
            PrimitiveKind.Time => Math.Abs((long)number) * 1001,
            _ => number * 1_000_003L,
        };
    }

    private static async Task<Table> AppendAsync(Table table, IEnumerable<object?[]> rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}

using System.IO.Compression;
using System.Text;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Apache.Arrow;
using Dlt.Items;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Files;

public sealed class FileResourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Csv_columns_get_the_type_that_all_their_fields_fit()
    {
        var account = await LoadAsync(
            "a.csv",
            "Id,Name,Zip,Price,Day,When,Ok,Big,Nothing\n"
            + "1,\"a \"\"q\"\", x\",01234,1.5,2024-01-02,2024-01-02T03:04:05Z,true,12345678901234567890,\n"
            + "2,,98765,2,2024-01-03,2024-01-02T03:04:06Z,FALSE,1,\n");
        Assert.Equal("id bigint, name string, zip string, price double, day date, when timestamp, ok boolean, big string",
            await ColumnsAsync(account));
        Assert.Equal(["2", "a \"q\", x", "01234", "2024-01-02 03:04:06.000", "12345678901234567890"],
            (await Some.QueryAsync(account, "SELECT max(id), max(name), min(zip), max(\"when\"), max(big) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task A_csv_field_that_is_not_of_its_columns_type_finds_its_place_in_a_variant()
    {
        var lines = Enumerable.Range(0, 12_000).Select(i => i == 11_000 ? $"{i};none" : $"{i};{i}");
        var account = await LoadAsync("a.csv", "id;v\n" + string.Join('\n', lines));
        Assert.Equal(
            ["12000", "11999", "none"], (await Some.QueryAsync(account, "SELECT count(*), count(v), max(v__v_text) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task Invalid_csv_records_are_rejected_where_rejects_are_kept()
    {
        var path = _folder.File("odd.csv");
        await File.WriteAllBytesAsync(path, [.. "id,name\n1,a\n2,b,c\n3,"u8, 0xE9, .. "\n4,\"d\ne\"\n5,f,g\r\n6,h\n"u8], Cancellation);
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        var options = new PipelineOptions { Configuration = Some.Configuration(account.Folder), Warn = warnings.Add, KeepRejects = true };
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace, PrimaryKey = ["id"] };
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", options)
            .RunAsync(FileResource.Create("odd", path, hints), Cancellation);
        Assert.Equal("1,4,6", await Some.ValueAsync(account, "SELECT string_agg(id, ',' ORDER BY id) FROM odd"));
        Assert.Equal(
            [
                ["odd", "has 3 fields, but there are 2 columns", "3", "2,b,c"],
                ["odd", "is not UTF-8", "4", "3,\ufffd"],
                ["odd", "has 3 fields, but there are 2 columns", "7", "5,f,g"],
            ],
            (await Some.QueryAsync(account, "SELECT table_name, reason, line, item FROM _dlt_rejected ORDER BY line"))
                .Rows);
        Assert.StartsWith("3 item(s)", Assert.Single(warnings), StringComparison.Ordinal);
        var odd = FileResource.Create("odd", path, new ResourceHints { Incremental = new("id") });
        var doubled = odd.Transform<Dlt.JsonValue, object>(
            "doubled", (row, _, _) => new[] { (object)new { d = row["id"]!.AsInt64() * 2 } }.ToAsyncEnumerable());
        await Pipeline.Create("other", Athena.Destination(account), "ds2", options).RunAsync([odd, doubled], Cancellation);
        Assert.Equal("2,8,12", await Some.ValueAsync(account, "SELECT string_agg(d, ',' ORDER BY d) FROM doubled", "ds2"));
    }

    [Theory]
    [InlineData("a,b\n1,2,3\n", "line 2 has 3 fields")]
    [InlineData("a,b\n1,\"x\n", "line 2, field 2")]
    [InlineData("a,a\n1,2\n", "two columns are named 'a'")]
    [InlineData("a,b\n1,\u00ff\n", "line 2 is not UTF-8")]
    public async Task A_csv_file_with_an_error_is_not_loaded_and_says_where(string content, string what)
    {
        var path = Path.Combine(_folder.Path, "a.csv");
        await File.WriteAllBytesAsync(path, Encoding.Latin1.GetBytes(content), Cancellation);
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(FileResource.Create("items", path), Cancellation));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Fact]
    public async Task A_gzip_file_of_csv_that_was_cut_off_is_not_loaded()
    {
        var path = Path.Combine(_folder.Path, "a.csv.gz");
        await using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("a\n" + string.Join('\n', Enumerable.Range(0, 50_000))), Cancellation);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path, Cancellation))[..^1000], Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Create("items", path), Cancellation));
        Assert.Contains("cut off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Structs_of_a_parquet_file_are_flattened_and_its_lists_become_tables()
    {
        var path = Path.Combine(_folder.Path, "orders.parquet");
        Duck.Execute($$"""
            COPY (SELECT i AS id, {'Name': 'n' || i, 'city': {'zip': i * 10} } AS "Buyer",
                [{'sku': 'a', 'n': i}, {'sku': 'b', 'n': 2}] AS parts, list_value('x', 'y') AS tags,
                TIMESTAMPTZ '2024-01-01 00:00:00+00' + i * INTERVAL 1 HOUR AS "at", (i / 7)::DECIMAL(10, 3) AS price,
                CASE WHEN i % 3 = 0 THEN 'k' || i % 5 END AS kind
            FROM range(20000) t(i)) TO '{{path}}' (ROW_GROUP_SIZE 3000)
            """);

        var account = Some.Account(_folder);
        var info = await Some.Pipeline(account).RunAsync(FileResource.Create("items", path), Cancellation);
        Assert.Equal((20_000, 40_000, 40_000), (info.RowCounts["items"], info.RowCounts["items__parts"], info.RowCounts["items__tags"]));
        Assert.Equal(
            "id bigint, at timestamp, price decimal(10,3), kind string, buyer__name string, buyer__city__zip bigint",
            await ColumnsAsync(account));
        Assert.Equal(
            ["20000", "1999900000", "n9999", "6667", "20000", "2024-01-01 00:00:00.000"],
            (await Some.QueryAsync(account, """
                SELECT count(*), sum(buyer__city__zip), max(buyer__name), count(kind),
                    (SELECT count(*) FROM items i JOIN items__parts p ON p._dlt_parent_id = i._dlt_id WHERE p.n = i.id AND p.sku = 'a'),
                    min("at")
                FROM items
                """)).Rows[0]);
    }

    [Fact]
    public async Task The_result_does_not_depend_on_the_number_of_workers()
    {
        var path = Path.Combine(_folder.Path, "late.parquet");
        Duck.Execute($$"""
            COPY (SELECT i AS id, CASE WHEN i > 150000 THEN i END AS late,
                CASE WHEN i % 50000 = 49999 THEN 'none' ELSE '2024-01-02T03:04:05Z' END AS t,
                CASE WHEN i > 120000 THEN {'a': i, 'b': 'x'} END AS o,
                CASE WHEN i % 10000 = 9999 THEN [i, 1] END AS l FROM range(200000) r(i)) TO '{{path}}' (ROW_GROUP_SIZE 20000)
            """);

        var outcomes = new List<string>();
        foreach (var workers in new[] { "1", "4" })
        {
            var account = new LocalAthena(_folder.File("account" + workers));
            await Pipeline.Create("pipe", Athena.Destination(account), "ds",
                new() { Configuration = Some.Configuration(account.Folder, ("NORMALIZE__WORKERS", workers)), Warn = _ => { } })
                .RunAsync(FileResource.Create("items", path), Cancellation);
            var rows = (await Some.QueryAsync(account, "SELECT count(*), count(late), count(t), count(t__v_text), sum(o__a), (SELECT "
                + "sum(value) FROM items__l), count(DISTINCT _dlt_id) FROM items")).Rows[0];
            outcomes.Add($"{await ColumnsAsync(account)} | {string.Join(' ', rows)} | "
                + $"{await Some.ValueAsync(account, "SELECT max(version_hash) FROM _dlt_version WHERE schema_name = 'pipe'")}");
        }

        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.Contains("200000 49999 199996 4", outcomes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_parquet_file_is_named()
    {
        var path = Path.Combine(_folder.Path, "a.parquet");
        await File.WriteAllTextAsync(path, "PAR1 and nothing else", Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Create("items", path), Cancellation));
        Assert.StartsWith($"{path} cannot be read as Parquet: Invalid: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("(message: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_does_not_have_its_checksum_is_damage()
    {
        var path = Path.Combine(_folder.Path, "a.parquet");
        using (var builder = new ParquetSharp.WriterPropertiesBuilder().EnablePageChecksum().DisableDictionary()
            .Compression(ParquetSharp.Compression.Uncompressed))
        using (var properties = builder.Build())
        using (var file = new ParquetSharp.ParquetFileWriter(path, [new ParquetSharp.Column<long>("a")], properties))
        {
            using (var group = file.AppendRowGroup())
            using (var column = group.NextColumn().LogicalWriter<long>()) column.WriteBatch([0x1122334455667788]);
            file.Close();
        }

        var bytes = await File.ReadAllBytesAsync(path, Cancellation);
        bytes[bytes.AsSpan().IndexOf("\u0088wfUD3\u0022\u0011"u8[^7..])]++;
        await File.WriteAllBytesAsync(path, bytes, Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(Some.Account(_folder))
            .RunAsync(FileResource.Create("items", path), Cancellation));
        Assert.StartsWith($"{path} cannot be read as Parquet", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("a.PARQUET")]
    [InlineData("a.arrow")]
    [InlineData("a.arrows")]
    [InlineData("a.feather")]
    [InlineData("a.ipc")]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.csv.gz")]
    [InlineData("a.jsonl.zst")]
    public async Task A_file_without_bytes_whose_format_has_a_head_is_an_error_and_empties_no_table(string name)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", "{\"a\":1}"), Cancellation);
        var path = _folder.Write(name, "");
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        Func<Resource>[] ways = name.EndsWith("gz", StringComparison.Ordinal) || name.EndsWith("zst", StringComparison.Ordinal)
            ? [() => FileResource.Create("items", path, hints), () => Resource.FromFile("items", path, hints),
                () => FileResource.Csv("items", path, hints)]
            : [() => FileResource.Create("items", path, hints), () => FileResource.Parquet("items", path, hints),
                () => FileResource.Arrow("items", path, hints)];
        foreach (var way in ways)
        {
            var error = await Assert.ThrowsAnyAsync<DltException>(async () => await Some.Pipeline(account).RunAsync(way(), Cancellation));
            Assert.Contains($"{path} cannot be read: it has 0 bytes", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task Timestamps_of_96_bits_keep_their_century()
    {
        var path = _folder.File("int96.parquet");
        DateTime[] times = [new(2024, 1, 1, 12, 34, 56), new(9999, 12, 31), new(1, 1, 1), new(1600, 6, 1), new(2262, 4, 12)];
        using (var file = new ParquetSharp.ParquetFileWriter(path, [new ParquetSharp.Column(typeof(ParquetSharp.Int96), "a")]))
        {
            using (var group = file.AppendRowGroup())
            using (var column = (ParquetSharp.ColumnWriter<ParquetSharp.Int96>)group.NextColumn())
                column.WriteBatch([.. times.Select(t =>
                    new ParquetSharp.Int96((int)(t.TimeOfDay.Ticks * 100), (int)(t.TimeOfDay.Ticks * 100 >> 32),
                    2_440_588 + (int)(t.Date - DateTime.UnixEpoch).TotalDays))]);
            file.Close();
        }

        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(FileResource.Create("items", path), Cancellation);
        Assert.Equal(
            ["2024-01-01 12:34:56.000", "9999-12-31 00:00:00.000", "0001-01-01 00:00:00.000", "1600-06-01 00:00:00.000",
                "2262-04-12 00:00:00.000"],
            (await Some.QueryAsync(account, "SELECT a FROM items")).Rows.Select(r => r[0]));
    }

    [Theory]
    [InlineData(CompressionCodecType.Lz4Frame)]
    [InlineData(CompressionCodecType.Zstd)]
    public async Task Arrow_files_with_compressed_bodies_are_read(CompressionCodecType codec)
    {
        var path = _folder.File("a.feather");
        using var batch = new RecordBatch.Builder()
            .Append("a", false, new Int64Array.Builder().AppendRange(Enumerable.Range(0, 10_000).Select(i => (long)i)).Build()).Build();
        await using (var file = File.Create(path))
        using (var writer = new ArrowFileWriter(file, batch.Schema, leaveOpen: false,
            new IpcOptions { CompressionCodec = codec, CompressionCodecFactory = new Apache.Arrow.Compression.CompressionCodecFactory() }))
        {
            await writer.WriteRecordBatchAsync(batch, Cancellation);
            await writer.WriteEndAsync(Cancellation);
        }

        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(FileResource.Create("items", path), Cancellation);
        Assert.Equal("49995000", await Some.ValueAsync(account, "SELECT sum(a) FROM items"));
    }

    [Fact]
    public void A_batch_whose_columns_differ_in_length_is_an_error_of_the_program()
    {
        Assert.Throws<InvalidOperationException>(() => Dlt.Items.ItemBatch.Of(
            [(new Field("w", Int64Type.Default, true), new Int64Array.Builder().Append(1).Append(2).Build()),
                (new Field("v", Int64Type.Default, true), new Int64Array.Builder().Append(1).Build())], 2));
    }

    private async Task<LocalAthena> LoadAsync(string file, string content)
    {
        var path = Path.Combine(_folder.Path, file);
        await File.WriteAllTextAsync(path, content, Cancellation);
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(FileResource.Create("items", path), Cancellation);
        return account;
    }

    private static async Task<string> ColumnsAsync(LocalAthena account) => string.Join(
        ", ", (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Columns.Where(c => !c.Name.StartsWith('_'))
            .Select(c => $"{c.Name} {c.Type}"));
}

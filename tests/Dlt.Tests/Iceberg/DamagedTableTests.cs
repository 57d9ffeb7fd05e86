using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>Damaged files are an error that names them, soon and with little memory; DLT_FUZZ_SECONDS fuzzes for longer.</summary>
public sealed class DamagedTableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{", "metadata.json")]
    [InlineData("[]", "metadata.json")]
    [InlineData("{\"format-version\":4}", "format version 4")]
    [InlineData("{\"format-version\":2}", "metadata.json")]
    [InlineData("{\"format-version\":\"2\"}", "metadata.json")]
    public async Task A_file_that_is_not_metadata_is_refused_by_name(string content, string what)
    {
        var path = _folder.File("x.metadata.json");
        await File.WriteAllTextAsync(path, content, Cancellation);
        Assert.Contains(what, (await Assert.ThrowsAsync<IcebergException>(() => Table.OpenAsync(path, Cancellation))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"current-schema-id\":0", "\"current-schema-id\":7", "schema 7")]
    [InlineData("\"default-spec-id\":0", "\"default-spec-id\":9", "spec 9")]
    [InlineData("\"type\":\"branch\"", "\"type\":\"twig\"", "twig")]
    [InlineData("\"name\":\"s\"", "\"name\":\"id\"", "two fields 'id'")]
    [InlineData("\"id\":2,", "\"id\":1,", "belongs to")]
    [InlineData("\"type\":\"long\"", "\"type\":\"longish\"", "longish")]
    public async Task Metadata_that_contradicts_itself_is_an_error_that_names_the_contradiction(string from, string to, string what)
    {
        var table = await TableAsync();
        var path = table.MetadataLocation["file://".Length..];
        var text = await File.ReadAllTextAsync(path, Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal), Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(() => Table.OpenAsync(path, Cancellation));
        Assert.Equal(IcebergError.Corrupt, error.Error);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*.parquet")]
    [InlineData("*-m0.avro")]
    [InlineData("snap-*.avro")]
    public async Task A_file_that_is_gone_or_cut_is_named(string pattern)
    {
        var table = await TableAsync();
        var file = pattern.StartsWith("snap", StringComparison.Ordinal)
            ? table.Metadata.CurrentSnapshot!.ManifestList!["file://".Length..]
            : Directory.GetFiles(_folder.Path, pattern, SearchOption.AllDirectories)[0];
        var content = await File.ReadAllBytesAsync(file, Cancellation);
        foreach (var length in new[] { 0, 3, 4, content.Length / 2, content.Length - 1 })
        {
            await File.WriteAllBytesAsync(file, content[..length], Cancellation);
            var cut = await Assert.ThrowsAsync<IcebergException>(() => RowsAsync(table));
            Assert.Equal(IcebergError.Corrupt, cut.Error);
            Assert.Contains(Path.GetFileName(file), cut.Message, StringComparison.Ordinal);
        }

        File.Delete(file);
        var gone = await Assert.ThrowsAsync<IcebergException>(() => RowsAsync(table));
        Assert.Equal(IcebergError.NotFound, gone.Error);
        Assert.Contains(Path.GetFileName(file), gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_lengths_and_blocks_are_refused_in_little_memory()
    {
        byte[] Container(string schema, string codec, byte[] blocks)
        {
            var writer = new Dlt.Iceberg.Avro.AvroEncoder();
            writer.Raw("Obj\u0001"u8);
            writer.Long(2);
            writer.String("avro.schema");
            writer.String(schema);
            writer.String("avro.codec");
            writer.String(codec);
            writer.Long(0);
            writer.Raw(new byte[16]);
            writer.Raw(blocks);
            return writer.Written.ToArray();
        }

        byte[] Block(long count, byte[] data)
        {
            var writer = new Dlt.Iceberg.Avro.AvroEncoder();
            writer.Long(count);
            writer.Bytes(data);
            writer.Raw(new byte[16]);
            return writer.Written.ToArray();
        }

        byte[] Long(long value)
        {
            var writer = new Dlt.Iceberg.Avro.AvroEncoder();
            writer.Long(value);
            return writer.Written.ToArray();
        }

        const string texts = """{"type":"record","name":"r","fields":[{"name":"a","type":"string"}]}""";
        const string nulls = """{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"array","items":"null"}}]}""";
        using var bomb = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(bomb, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
            for (var i = 0; i < 600; i++) deflate.Write(new byte[1 << 20]);
        var before = GC.GetTotalAllocatedBytes();
        foreach (var (schema, codec, blocks) in new[]
                 {
                     (texts, "null", Block(1, Long(int.MaxValue))), (texts, "null", Block(long.MaxValue, [0])),
                     (texts, "null", Block(-1, [0])), (nulls, "null", Block(1, Long(1L << 40))),
                     (texts, "deflate", Block(1, bomb.ToArray())),
                     (texts, "snappy", Block(1, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 0, 0])), (texts, "null", Long(5)),
                 })
        {
            var error = Assert.Throws<IcebergException>(
                () => new Dlt.Iceberg.Avro.AvroFile(Container(schema, codec, blocks), "x.avro").Records().Count());
            Assert.Equal(IcebergError.Corrupt, error.Error);
            Assert.NotNull(error.Offset);
        }

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 2L << 30);
    }

    [Fact]
    public async Task Whatever_bytes_are_changed_the_error_is_one_of_the_library()
    {
        var table = await TableAsync();
        var random = new Random(11);
        var until = DateTime.UtcNow.AddSeconds(
            int.TryParse(Environment.GetEnvironmentVariable("DLT_FUZZ_SECONDS"), out var seconds) ? seconds : 3);
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".text", StringComparison.Ordinal)).ToList();
        var metadata = table.MetadataLocation["file://".Length..];
        for (var rounds = 0; DateTime.UtcNow < until; rounds++)
        {
            var file = files[random.Next(files.Count)];
            var content = await File.ReadAllBytesAsync(file, Cancellation);
            var damaged = content.ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            await File.WriteAllBytesAsync(file, damaged, Cancellation);
            try
            {
                await RowsAsync(await Table.OpenAsync(metadata, Cancellation));
            }
            catch (IcebergException)
            {
                // The expected error; or the damage had no effect.
            }
            catch (Exception error)
            {
                Assert.Fail($"{Path.GetFileName(file)} after {rounds} rounds: {error}");
            }

            await File.WriteAllBytesAsync(file, content, Cancellation);
        }
    }

    private static async Task<int> RowsAsync(Table table)
    {
        var count = 0;
        await foreach (var _ in table.Scan().ReadRowsAsync(Cancellation)) count++;
        return count;
    }

    private async Task<Table> TableAsync()
    {
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "s", new PrimitiveType(PrimitiveKind.String)),
            new(3, "d", PrimitiveType.Decimal(9, 2))]);
        var catalog = new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(
            new("db", "t"), schema, new PartitionSpec(0, [new(1, 1000, "id_bucket", Transform.Bucket(2))]),
            cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        for (var i = 0; i < 30; i++) await writer.AddAsync([(long)i, "t" + i, i / 4m], Cancellation);
        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        return await (await table.NewTransaction().DeleteAsync(Filter.Less("id", 5), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
    }
}

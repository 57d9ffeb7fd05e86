using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>The third-party readers icebird and avsc read our tables.</summary>
public sealed class IndependentReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RowChangeMode.CopyOnWrite)]
    [InlineData(RowChangeMode.MergeOnRead)]
    public async Task Rows_are_the_same_after_evolution_deletes_and_partitions(RowChangeMode mode)
    {
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)),
            new(2, "name", new PrimitiveType(PrimitiveKind.String)), new(3, "score", new PrimitiveType(PrimitiveKind.Double)),
            new(4, "ok", new PrimitiveType(PrimitiveKind.Boolean))]);
        var catalog = new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), schema, new PartitionSpec(0, [new(4, 1000, "ok", Transform.Identity)]),
            cancellationToken: Cancellation);
        table = await AppendAsync(
            table, [.. Enumerable.Range(0, 20).Select(i => new object?[] { i, i % 3 == 0 ? null : "n" + i, i / 4.0, i % 2 == 0 })]);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Parse("id in (2, 3, 7)"), mode, Cancellation))
            .CommitAsync(Cancellation);
        table = await table.NewTransaction().UpdateSchema(
            s => s.RenameColumn("name", "title").AddColumn("extra", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation);
        table = await AppendAsync(table, [100, "new", 1.5, true, 5_000_000_000L]);
        var expected = new List<string>();
        await foreach (var row in table.Scan().ReadRowsAsync(Cancellation))
            expected.Add($"{row[0]} {row[1] ?? "-"} {ValueText.Of(new(PrimitiveKind.Double), row[2])} {row[4] ?? "-"}");
        static string Score(JsonValue row) => ValueText.Of(new(PrimitiveKind.Double), row["score"]!.AsDouble());
        var rows = await ReadAsync("rows", Path.Combine(_folder.Path, "db", "t"), Path.GetFileName(table.MetadataLocation));
        var seen = rows.Select(r => $"{r["id"]!.AsInt64()} {Text(r["title"])} {Score(r)} {Text(r["extra"])}");
        Assert.Equal(18, expected.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Manifests_and_lists_are_avro_with_the_ids_that_spark_asks_for()
    {
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "day", new PrimitiveType(PrimitiveKind.Date)),
            new(3, "price", PrimitiveType.Decimal(9, 2))]);
        var spec = new PartitionSpec(0, [new(2, 1000, "day", Transform.Identity), new(3, 1001, "price of", Transform.Identity)]);
        var table = await AppendAsync(await new FolderCatalog(_folder.Path)
            .CreateTableAsync(new("db", "t"), schema, spec, cancellationToken: Cancellation), [1L, new DateOnly(2024, 1, 2), 12.5m]);
        var list = await ReadAsync("avro", table.Metadata.CurrentSnapshot!.ManifestList!["file://".Length..]);
        Assert.Equal("deflate", list[0]["codec"]!.AsString());
        Assert.Equal(table.Metadata.CurrentSnapshot.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            list[1]["added_snapshot_id"]!.AsString());
        var manifest = await ReadAsync("avro", list[1]["manifest_path"]!.AsString()["file://".Length..]);
        Assert.Equal(["avro.codec", "avro.schema", "content", "format-version", "partition-spec",
            "partition-spec-id", "schema", "schema-id"], manifest[0]["header"]!.Items.Select(h => h.AsString()));
        var dataFile = manifest[0]["schema"]!["fields"]!.Items.Single(f => f["name"]!.AsString() == "data_file")["type"]!["fields"]!;
        Assert.Equal(
            "map", dataFile.Items.Single(f => f["name"]!.AsString() == "lower_bounds")["type"]!.Items[1]["logicalType"]!.AsString());
        Assert.Equal("price of",
            dataFile.Items.Single(
                f => f["name"]!.AsString() == "partition")["type"]!["fields"]!.Items[1]["iceberg-field-name"]!.AsString());
        Assert.Equal("1", manifest[1]["data_file"]!["record_count"]!.AsString());
    }

    private static string Text(JsonValue? value) =>
        value is null or { IsNull: true } ? "-" : value.Kind == JsonKind.String ? value.AsString() : value.ToString();

    private static async Task<List<JsonValue>> ReadAsync(params string[] arguments)
    {
        var folder = Path.Combine(Tool.Repository, "tests", "independent");
        Assert.SkipUnless(Tool.Exists("node") && Directory.Exists(Path.Combine(folder, "node_modules", "icebird")),
            "Node.js or its packages are missing (npm install in tests/independent): independent Iceberg readers were NOT asked.");
        var output = (await Tool.RunAsync("node", [Path.Combine(folder, "read-iceberg.mjs"), .. arguments])).Succeeded();
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonParser.Parse(l))];
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}

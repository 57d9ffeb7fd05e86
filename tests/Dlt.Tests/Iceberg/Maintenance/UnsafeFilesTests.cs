using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Maintenance;

/// <summary>Tables of older versions with bounds that other engines misread are found, and compaction fixes them.</summary>
public sealed class UnsafeFilesTests : IDisposable
{
    private static readonly PrimitiveType Uuid = new(PrimitiveKind.Uuid);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bounds_of_doubles_without_a_count_of_nans_are_found_and_mended_by_compaction()
    {
        var table = await AppendAsOldAsync(new PrimitiveType(PrimitiveKind.Double), [double.NaN, 1.5, 6.33],
            f => f with { NanValueCounts = null });
        var found = Assert.Single(await table.FindUnsafeFilesAsync(Cancellation));
        Assert.Equal(("v", UnsafeBounds.NansAreNotCounted), (found.Column, found.Fault));
        table = await table.CompactAsync(cancellationToken: Cancellation);
        Assert.Empty(await table.FindUnsafeFilesAsync(Cancellation));
        Assert.Equal(1L, Assert.Single(await OneColumn.FilesAsync(table)).NanValueCounts![2]);
        Assert.Equal([double.NaN, 1.5, 6.33], await OneColumn.ReadAsync(table));
    }

    [Fact]
    public async Task Bounds_of_uuids_in_one_order_are_found_and_mended_by_compaction()
    {
        var table = await AppendAsOldAsync(Uuid, [Guid.Empty, Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")], f => f with
        {
            LowerBounds = new Dictionary<int, byte[]> { [2] = SingleValue.Encode(Uuid, Guid.Empty)! },
            UpperBounds = new Dictionary<int, byte[]>
            {
                [2] = SingleValue.Encode(
                Uuid, Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7"))!
            },
        });
        Assert.Equal([UnsafeBounds.OrderOfUuids], (await table.FindUnsafeFilesAsync(Cancellation)).Select(f => f.Fault));
        table = await table.CompactAsync(cancellationToken: Cancellation);
        Assert.Empty(await table.FindUnsafeFilesAsync(Cancellation));
        Assert.Equal(2, (await OneColumn.ReadAsync(table)).Count);
    }

    [Fact]
    public async Task Milliseconds_in_the_state_table_are_found_and_mended_by_compaction()
    {
        var type = new PrimitiveType(PrimitiveKind.TimestampTz);
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("ds", "_dlt_pipeline_state"),
            new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "created_at", type)]), cancellationToken: Cancellation);
        var path = _folder.File("state.parquet");
        Duck.Execute($"COPY (SELECT 1::INTEGER AS id, '2026-11-29 14:10:12.531'::TIMESTAMP_MS AS created_at) TO '{path}' (FORMAT parquet, "
            + $"FIELD_IDS {{id: 1, created_at: 2}})");
        var millis = new Dictionary<int, byte[]> { [2] = BitConverter.GetBytes(1_795_961_412_531L) };
        var file = new DataFile
        {
            FilePath = path,
            RecordCount = 1,
            FileSizeInBytes = new FileInfo(path).Length,
            ValueCounts = new Dictionary<int,
            long>
            { [2] = 1 },
            NullValueCounts = new Dictionary<int,
            long>
            { [2] = 0 },
            LowerBounds = millis,
            UpperBounds = millis,
        };
        table = await table.NewTransaction().Append([file]).CommitAsync(Cancellation);
        var later = Filter.GreaterOrEqual("created_at", "2026-01-01T00:00:00Z");
        Assert.Empty(await OneColumn.ReadAsync(table, later));
        Assert.Equal([UnsafeBounds.Milliseconds], (await table.FindUnsafeFilesAsync(Cancellation)).Select(f => f.Fault));
        table = await table.CompactAsync(cancellationToken: Cancellation);
        Assert.Empty(await table.FindUnsafeFilesAsync(Cancellation));
        Assert.Equal([1_795_961_412_531_000L], await OneColumn.ReadAsync(table, later));
    }

    [Fact]
    public async Task The_next_commit_of_a_table_with_unsafe_files_warns_once()
    {
        var table = await AppendAsOldAsync(new PrimitiveType(PrimitiveKind.Double), [1.5], f => f with { NanValueCounts = null });
        var warnings = new List<string>();
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader(), Warn = warnings.Add };
        for (var commit = 0; commit < 2; commit++)
        {
            var now = await catalog.LoadTableAsync(table.Identifier!, Cancellation);
            await now.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["n"] = $"{commit}" }).CommitAsync(Cancellation);
        }

        Assert.Contains("CompactAsync", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_files_are_safe()
    {
        foreach (var (type, values) in new (IcebergType, object?[])[]
                 {
                     (new PrimitiveType(PrimitiveKind.Double), [double.NaN, 1.0]), (new PrimitiveType(PrimitiveKind.Float), [1f]),
                     (Uuid, [Guid.Empty, Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7")]),
                     (new StructType([new(4, "d", new PrimitiveType(PrimitiveKind.Double))]), [new object?[] { 1.0 }]),
                 })
            Assert.Empty(await (await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), type), values))
                .FindUnsafeFilesAsync(Cancellation));
    }

    private async Task<Table> AppendAsOldAsync(IcebergType type, object?[] values, Func<DataFile, DataFile> old)
    {
        var table = await OneColumn.CreateAsync(_folder.File("w"), type);
        await using var writer = new DataFileWriter(table);
        for (var i = 0; i < values.Length; i++) await writer.AddAsync([i, values[i]], Cancellation);
        return await table.NewTransaction().Append((await writer.CompleteAsync(Cancellation)).Select(old)).CommitAsync(Cancellation);
    }
}

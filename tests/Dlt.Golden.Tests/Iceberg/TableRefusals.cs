using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Xunit;

namespace Dlt.Golden.Iceberg;

/// <summary>
/// Tables that are refused by name (docs/iceberg.md): rows in ORC files, variants and shapes, and rows with an unknown column.
/// </summary>
internal static class TableRefusals
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static bool HasUnknown(GoldenCase golden) => golden.Expected["formatVersion"]!.AsInt64() == 3
        && Open(golden).Metadata.CurrentSchema.AllFields.Any(f => f.Field.Type is PrimitiveType { Kind: PrimitiveKind.Unknown });

    /// <summary>A table without rows has nothing that cannot be read.</summary>
    public static bool IsUnreadable(GoldenCase golden)
    {
        if (golden.Expected["head"]!["rowCount"] is { Kind: JsonKind.Integer } count && count.AsInt64() == 0) return false;
        return golden.Expected["files"]!.Members.Any(f => f.Value["format"]!.AsString() == "ORC")
            || Open(golden)
                .Metadata.CurrentSchema.AllFields.Any(
                    f =>
                        f.Field.Type is PrimitiveType { Kind: PrimitiveKind.Variant or PrimitiveKind.Geometry or PrimitiveKind.Geography });
    }

    public static void Unreadable(GoldenCase golden)
    {
        var table = Open(golden);
        Assert.Equal(
            IcebergError.Unsupported,
                Assert.Throws<IcebergException>(() => GoldenTables.RowsAsync(table, table.Scan()).GetAwaiter().GetResult()).Error);
    }

    /// <summary>Nothing is changed: the table stays where it is.</summary>
    public static void Unchangeable(GoldenCase golden)
    {
        var table = Open(golden);
        var catalog = new ChangedCopies(table) { DataFileReader = new ParquetDataFileReader() };
        var copy = catalog.LoadTableAsync(new("golden", "table"), Cancellation).GetAwaiter().GetResult();
        var row = copy.Metadata.CurrentSchema.Fields.Select(f => f.IsRequired ? Some(f.Type) : null).ToArray();
        Assert.Equal(
            IcebergError.Unsupported, Assert.Throws<IcebergException>(() => AppendAsync(copy, row).GetAwaiter().GetResult()).Error);
        Assert.Equal(
            table.MetadataLocation, catalog.LoadTableAsync(new("golden", "table"), Cancellation).GetAwaiter().GetResult().MetadataLocation);
    }

    private static async Task AppendAsync(Table table, object?[] row)
    {
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync(row, Cancellation);
        await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private static object? Some(IcebergType type) => type is PrimitiveType primitive
        ? primitive.Kind switch
        {
            PrimitiveKind.Boolean => true,
            PrimitiveKind.Int or PrimitiveKind.Date => 1,
            PrimitiveKind.Float => 1f,
            PrimitiveKind.Double => 1d,
            PrimitiveKind.String => "a",
            PrimitiveKind.Uuid => Guid.Empty,
            PrimitiveKind.Decimal => (Int128)1,
            PrimitiveKind.Binary or PrimitiveKind.Fixed => new byte[Math.Max(primitive.Length, 1)],
            _ => 1L,
        }
        : null;

    private static Table Open(GoldenCase golden) => GoldenTables.OpenAsync(golden["case"]!.AsString()).GetAwaiter().GetResult();
}

using Dlt.Iceberg;
using Dlt.Parquet.Reading;

namespace Dlt.Tests.Iceberg;

/// <summary>Tables of an <c>id int</c> and one column <c>v</c>; an additional float selects the Arrow writer.</summary>
internal static class OneColumn
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Schema Schema(IcebergType type, bool byArrow = false)
    {
        NestedField[] fields = [new(1, "id", new PrimitiveType(PrimitiveKind.Int), true), new(2, "v", type)];
        return new([.. byArrow ? [.. fields, new NestedField(99, "real", new PrimitiveType(PrimitiveKind.Float))] : fields]);
    }

    public static Task<Table> CreateAsync(string folder, IcebergType type, bool byArrow = false,
        PartitionSpec? spec = null, Dictionary<string, string>? properties = null) =>
        new FolderCatalog(folder) { DataFileReader = new ParquetDataFileReader() }
            .CreateTableAsync(new("ns", "t" + Guid.NewGuid().ToString("N")), Schema(type, byArrow),
                spec, properties: properties, cancellationToken: Cancellation);

    public static object?[] Row(Table table, int id, object? value) =>
        table.Metadata.CurrentSchema.Fields.Length == 3 ? [id, value, 0.5f] : [id, value];

    public static async Task<Table> AppendAsync(Table table, params object?[] values)
    {
        await using var writer = new DataFileWriter(table);
        for (var i = 0; i < values.Length; i++) await writer.AddAsync(Row(table, i, values[i]), Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    public static Task<List<object?>> ReadAsync(Table table, Filter? filter = null) =>
        table.Scan().Where(filter ?? Filter.True).ReadRowsAsync(Cancellation).Select(r => r[1]).ToListAsync(Cancellation).AsTask();

    public static async Task<List<DataFile>> FilesAsync(Table table) =>
        await table.Scan().PlanFilesAsync(Cancellation).Select(t => t.File).ToListAsync(Cancellation);
}

using Dlt.Iceberg;
using Dlt.Parquet.Reading;

namespace Dlt.Bench;

/// <summary>The table that merges change: 8 columns, ids ascending through its files, and rows for it with other values.</summary>
internal static class MergeTable
{
    private const long Prime = 2_654_435_761;

    private static readonly string[] Kinds = ["click", "view", "buy", "search"];

    private static readonly Schema Columns = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "user_id", new PrimitiveType(PrimitiveKind.Int)),
        new(3, "kind", new PrimitiveType(PrimitiveKind.String)), new(4, "url", new PrimitiveType(PrimitiveKind.String)),
        new(5, "amount", new PrimitiveType(PrimitiveKind.Double)), new(6, "ok", new PrimitiveType(PrimitiveKind.Boolean)),
        new(7, "at", new PrimitiveType(PrimitiveKind.TimestampTz)), new(8, "valid_to", new PrimitiveType(PrimitiveKind.TimestampTz)),
    ]);

    public static FolderCatalog Catalog(string folder) => new(folder) { DataFileReader = new ParquetDataFileReader() };

    /// <summary>Loads the table of a number of rows and files, and writes it first when the folder does not have it.</summary>
    public static async Task<Table> OfAsync(string folder, long rows, int files)
    {
        var catalog = Catalog(folder);
        var name = new TableIdentifier("db", NameOf(rows, files));
        if (Directory.Exists(Path.Combine(folder, "db", name.Name))) return await catalog.LoadTableAsync(name);
        var table = await catalog.CreateTableAsync(name, Columns);
        var written = new List<DataFile>();
        for (var file = 0; file < files; file++)
            written.AddRange(await WriteAsync(table, Range(rows * file / files, rows * (file + 1) / files), seed: 1));
        return await table.NewTransaction().Append(written).CommitAsync();
    }

    public static string NameOf(long rows, int files) => $"rows_{rows}_{files}";

    /// <summary>Ids of the new rows: all over the table, or its last ones. One in a hundred is there twice.</summary>
    public static IEnumerable<long> KeysOf(long rows, int keys, bool isNewest)
    {
        for (var i = 0L; i < keys; i++)
        {
            var number = i % 100 == 99 ? i - 1 : i;
            yield return isNewest ? rows - keys + number : (number * Prime + 12_345) % rows;
        }
    }

    /// <summary>Writes rows to files that are not part of the table.</summary>
    public static async Task<IReadOnlyList<DataFile>> WriteAsync(Table table, IEnumerable<long> ids, ulong seed)
    {
        var random = new SplitMix(seed);
        await using var writer = new DataFileWriter(table);
        var row = new object?[8];
        foreach (var id in ids)
        {
            row[0] = id;
            row[1] = random.Below(100_000);
            row[2] = random.Pick(Kinds);
            row[3] = "https://example.com/p/" + random.Below(10_000);
            row[4] = random.Below(1_000_000) / 100.0;
            row[5] = random.OneIn(2);
            row[6] = id * 37_000;
            await writer.AddAsync(row);
        }

        return await writer.CompleteAsync();
    }

    public static string PathOf(DataFile file) => PathOf(file.FilePath);

    public static string PathOf(string location) => location.StartsWith("file://", StringComparison.Ordinal) ? location[7..] : location;

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var id = from; id < to; id++) yield return id;
    }
}

using System.Diagnostics;
using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Bench;

/// <summary>
/// Appends of 1,000 rows to a table in a folder, file and commit, as its snapshots grow; planning of a scan over 10,000 files.
/// </summary>
internal static class IcebergCommits
{
    private const int Rows = 1000;
    private const int Appends = 1000;
    private const int Files = 10_000;
    private const int Window = 20;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("dlt-bench-iceberg-").FullName;
        try
        {
            var catalog = new FolderCatalog(folder);
            var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long)),
                new(2, "s", new PrimitiveType(PrimitiveKind.String)), new(3, "x", new PrimitiveType(PrimitiveKind.Double))]);
            List<string> lines = ["| Iceberg | ms |", "| --- | --- |"];
            var times = await AppendAsync(await catalog.CreateTableAsync(new("db", "appends"), schema),
                [.. Enumerable.Range(0, Rows).Select(i => new object?[] { (long)i, "text " + i, i * 0.5 })]);
            foreach (var at in new[] { 5, 200, 500, Appends - Window })
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"| append of {Rows:N0} rows at {at} snapshots | {times.Skip(at).Take(Window).Order().ElementAt(Window / 2):F1} |"));
            var table = await catalog.CreateTableAsync(new("db", "files"), schema);
            var clock = Stopwatch.StartNew();
            table = await table.NewTransaction().Append(Enumerable.Range(0, Files).Select(FileOf)).CommitAsync();
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| commit of {Files:N0} files | {clock.ElapsedMilliseconds} |"));
            var (all, one) = (await PlanAsync(table.Scan()), await PlanAsync(table.Scan().Where(Filter.Equal("id", 5005L))));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| scan planned over {Files:N0} files | {all} |"));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"| the same with a filter that one file passes | {one} |"));
            lines.AddRange(await IcebergRows.RunAsync(folder));
            foreach (var line in lines) Console.WriteLine(line);
            Results.Append(1, lines);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<double>> AppendAsync(Table table, List<object?[]> rows)
    {
        var times = new List<double>();
        for (var i = 0; i < Appends; i++)
        {
            var clock = Stopwatch.StartNew();
            await using var writer = new DataFileWriter(table);
            foreach (var row in rows) await writer.AddAsync(row);
            table = await table.NewTransaction().Append(await writer.CompleteAsync()).CommitAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times;
    }

    private static async Task<long> PlanAsync(TableScan scan)
    {
        var times = new List<long>();
        for (var round = 0; round < 5; round++)
        {
            var clock = Stopwatch.StartNew();
            await foreach (var _ in scan.PlanFilesAsync())
            {
                // Counting is enough.
            }

            times.Add(clock.ElapsedMilliseconds);
        }

        return times.Order().ElementAt(2);
    }

    private static DataFile FileOf(int i)
    {
        Dictionary<int, long> Counts(long count) => new() { [1] = count, [2] = count, [3] = count };
        return new()
        {
            FilePath = $"file:///nowhere/{i}.parquet",
            RecordCount = 10,
            FileSizeInBytes = 1000,
            ColumnSizes = Counts(10),
            ValueCounts = Counts(10),
            NullValueCounts = Counts(0),
            LowerBounds = new Dictionary<int, byte[]>
            { [1] = BitConverter.GetBytes(i * 10L), [2] = "a"u8.ToArray(), [3] = BitConverter.GetBytes(0.0) },
            UpperBounds = new Dictionary<int, byte[]>
            { [1] = BitConverter.GetBytes(i * 10L + 9), [2] = "z"u8.ToArray(), [3] = BitConverter.GetBytes(1.0) },
        };
    }
}

using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace Dlt.Bench;

/// <summary>
/// Merges of rows into Iceberg tables, next to DuckDB, which writes all rows of the same files again: <c>COPY (old ANTI JOIN new UNION ALL
/// new) TO …</c>. Each is a process, so its memory is its own.
/// </summary>
internal static class MergeAgainstCopy
{
    private const int FewRows = 1_000_000;
    private const int ManyFiles = 30;

    private static readonly string[] Heads =
        ["merge", "keys", "into rows", "keys are", "dlt, s", "keys, s", "plan, s", "commit, s", "files rewritten", "DuckDB, s", "ratio",
            "DuckDB, rewritten files only, s", "dlt, MiB", "DuckDB, MiB"];

    /// <summary>Measures all cases.</summary>
    /// <param name="rows">Rows of the large table.</param>
    /// <param name="folder">Folder of the tables, which stay for the next time.</param>
    public static async Task RunAsync(long rows, string folder)
    {
        Directory.CreateDirectory(folder);
        List<string> lines = ["| " + string.Join(" | ", Heads) + " |", "|" + string.Concat(Enumerable.Repeat(" --- |", Heads.Length))];
        lines.ForEach(Console.WriteLine);
        var many = (int)(rows / 50);
        (int Keys, long Rows, int Files, bool IsNewest, string[] Ways)[] cases =
        [
            (1_000, FewRows, 1, false, ["upsert"]),
            (100_000, FewRows, 1, false, ["upsert", "delete-insert", "scd2"]),
            (many, rows, ManyFiles, false, ["upsert", "delete-insert", "scd2"]),
            (many, rows, ManyFiles, true, ["upsert", "delete-insert", "scd2"]),
        ];
        foreach (var (keys, tableRows, files, isNewest, ways) in cases)
        {
            var table = await MergeTable.OfAsync(folder, tableRows, files);
            var staged = await MergeTable.WriteAsync(table, MergeTable.KeysOf(tableRows, keys, isNewest), seed: 2);
            var fresh = MergeTable.PathOf(staged.Single());
            var old = await table.Scan().PlanFilesAsync().Select(t => MergeTable.PathOf(t.File)).ToListAsync();
            var (copySeconds, copy) = Copied(folder, "all", [fresh, .. old]);
            foreach (var way in ways)
            {
                var merge = InProcess(folder, "merge-work", way, folder, MergeTable.NameOf(tableRows, files), fresh);
                var outcome = await File.ReadAllLinesAsync(Path.Combine(folder, MergeWork.Outcome));
                var seconds = outcome[..3].Select(s => double.Parse(s, CultureInfo.InvariantCulture)).ToList();
                var (floorSeconds, _) = Copied(folder, "only", outcome[3..]);
                var which = isNewest ? "the newest" : "random";
                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {way} | {keys:N0} | {tableRows:N0} | {which} | {seconds.Sum():0.00} | {seconds[0]:0.00} | "
                    + $"{seconds[1]:0.00} | {seconds[2]:0.00} | {outcome.Length - 3} of {old.Count} | {copySeconds:0.00} | "
                    + $"**{seconds.Sum() / copySeconds:0.00}** | {floorSeconds:0.00} | {Mebibytes(merge)} | {Mebibytes(copy)} |"));
                Console.WriteLine(lines[^1]);
            }

            File.Delete(fresh);
        }

        Results.Append(1, lines);
    }

    /// <summary>What the process for DuckDB does: it writes all rows of files again.</summary>
    /// <param name="how"><c>all</c> when the first file has the new rows and the others have the old ones, <c>only</c> when all files have
    /// old rows.</param>
    /// <param name="folder">Folder of the written file.</param>
    /// <param name="list">File with the paths.</param>
    public static void Copy(string how, string folder, string list)
    {
        var files = File.ReadAllLines(list);
        static string Of(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(p => $"'{p}'"))}])";
        var rows = how == "only"
            ? $"SELECT * FROM {Of(files)}"
            : $"SELECT * FROM {Of(files[1..])} old ANTI JOIN {Of(files[..1])} new USING (id) UNION ALL SELECT * FROM {Of(files[..1])}";
        var clock = Stopwatch.StartNew();
        using var connection = new DuckDBConnection($"DataSource=:memory:;threads={Environment.ProcessorCount}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({rows}) TO '{Path.Combine(folder, "copy.parquet")}' (FORMAT parquet, COMPRESSION zstd)";
        command.ExecuteNonQuery();
        File.WriteAllText(Path.Combine(folder, "copy.txt"), clock.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        File.Delete(Path.Combine(folder, "copy.parquet"));
    }

    private static (double Seconds, Measured Process) Copied(string folder, string how, IReadOnlyCollection<string> files)
    {
        var list = Path.Combine(folder, "files.txt");
        File.WriteAllLines(list, files);
        if (files.Count == 0) return (0, new(TimeSpan.Zero, TimeSpan.Zero, 0));
        var process = InProcess(folder, "merge-copy", how, folder, list);
        return (double.Parse(File.ReadAllText(Path.Combine(folder, "copy.txt")), CultureInfo.InvariantCulture), process);
    }

    private static Measured InProcess(string folder, params string[] arguments) =>
        Measured.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dlt.Bench.dll"), .. arguments], folder);

    private static string Mebibytes(Measured process) => (process.PeakBytes >> 20).ToString(CultureInfo.InvariantCulture);
}

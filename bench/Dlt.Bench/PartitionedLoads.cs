using System.Globalization;
using DuckDB.NET.Data;

namespace Dlt.Bench;

/// <summary>
/// Loads into an external table with partitions, of rows in the order of the partitions and in random order, next to a load without
/// partitions and to DuckDB's <c>COPY … PARTITION_BY</c> of the same rows. Each is a process, so its memory is its own.
/// </summary>
internal static class PartitionedLoads
{
    private static readonly string[] Heads =
        ["partitions", "rows in", "dlt, s", "without partitions, s", "DuckDB, s", "dlt, CPU s", "without, CPU s", "DuckDB, CPU s",
            "dlt, MiB", "without, MiB", "DuckDB, MiB", "files"];

    /// <summary>Measures all cases.</summary>
    public static void Run(int rounds, int rows, string folder)
    {
        Directory.CreateDirectory(folder);
        List<string> lines = ["| " + string.Join(" | ", Heads) + " |", "|" + string.Concat(Enumerable.Repeat(" --- |", Heads.Length))];
        lines.ForEach(Console.WriteLine);
        foreach (var partitions in new[] { 30, 1000 })
        {
            foreach (var isSorted in new[] { true, false })
            {
                var input = Path.Combine(folder, "parts.ndjson");
                Write(input, rows, partitions, isSorted);
                List<Measured> divided = [], plain = [], copy = [];
                var files = 0;
                for (var round = 0; round < rounds; round++)
                {
                    Measured In(string how) => LoadAgainstCopy.InTurn(folder, work =>
                    {
                        var measured = Measured.Run(
                            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Dlt.Bench.dll"), "partition", how, input, work], work);
                        if (how == "divided") files = Directory.GetFiles(work, "*.parquet", SearchOption.AllDirectories).Length;
                        return measured;
                    });
                    divided.Add(In("divided"));
                    plain.Add(In("plain"));
                    copy.Add(In("copy"));
                }

                lines.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {partitions} | {(isSorted ? "their order" : "random order")} | {LoadAgainstCopy.Median(divided):0.00} | "
                    + $"{LoadAgainstCopy.Median(plain):0.00} | {LoadAgainstCopy.Median(copy):0.00} | {Processor(divided):0.00} | "
                    + $"{Processor(plain):0.00} | {Processor(copy):0.00} | {LoadAgainstCopy.Peak(divided):0} | "
                    + $"{LoadAgainstCopy.Peak(plain):0} | {LoadAgainstCopy.Peak(copy):0} | {files} |"));
                Console.WriteLine(lines[^1]);
            }
        }

        Results.Append(rounds, lines);
    }

    private static double Processor(List<Measured> runs) =>
        runs.Select(r => r.Processor.TotalSeconds).Order().ElementAt(runs.Count / 2);

    /// <summary>One load or copy, in this process.</summary>
    public static async Task RunOneAsync(string how, string input, string folder)
    {
        if (how == "copy")
        {
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"COPY (SELECT *, uuid() AS _dlt_id FROM read_ndjson('{input}')) TO '{folder}/rows' "
                + "(FORMAT parquet, COMPRESSION zstd, PARTITION_BY (part))";
            command.ExecuteNonQuery();
            return;
        }

        var hints = new ResourceHints { Partitions = how == "divided" ? [Partition.Identity("part")] : [] };
        var pipeline = Pipeline.Create("bench", Athena.Destination(new LocalAthena(Path.Combine(folder, "account"))), "bench",
            new() { Warn = _ => { } });
        await pipeline.RunAsync(Resource.FromFile("rows", input, hints)).ConfigureAwait(false);
    }

    private static void Write(string file, int rows, int partitions, bool isSorted)
    {
        using var writer = new StreamWriter(file);
        var random = new SplitMix(7);
        for (var i = 0; i < rows; i++)
        {
            var part = isSorted ? (long)i * partitions / rows : random.Below(partitions);
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"id\":{i},\"part\":\"part-{part:0000}\",\"user_id\":{random.Below(100_000)},\"price\":{random.Below(10_000) / 100.0},"
                + $"\"name\":\"user_{random.Below(50_000)}\",\"isActive\":{(random.OneIn(2) ? "true" : "false")},"
                + $"\"at\":\"2024-01-0{1 + (i % 9)}T03:04:05Z\","
                + $"\"comment\":\"{random.Below(1_000_000_000)} {random.Below(1_000_000_000)}\"}}\n"));
        }
    }
}

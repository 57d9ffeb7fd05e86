using System.Globalization;

namespace Dlt.Bench;

/// <summary>`dlt load FILE --local` (whole program: extract, normalise, Parquet, catalog, bookkeeping) against DuckDB's COPY, in turns.</summary>
internal static class LoadAgainstCopy
{
    public static void Run(int rounds, string folder)
    {
        Directory.CreateDirectory(folder);
        Console.WriteLine("| file | dlt load, s | DuckDB COPY, s | ratio | dlt peak, MiB | DuckDB peak, MiB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var file in new[] { "A", "B" })
        {
            var input = Path.Combine(folder, file + ".ndjson");
            if (!File.Exists(input))
            {
                if (file == "A") EventFiles.WriteFlat(input, 2_000_000);
                else EventFiles.WriteNested(input, 500_000);
            }

            List<Measured> load = [], copy = [];
            for (var round = 0; round < rounds; round++)
            {
                load.Add(InTurn(folder, work => Measured.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), "load", input, "--dataset", "bench", "--table", file, "--local", "--quiet"], work)));
                copy.Add(InTurn(folder, work => Measured.Run(Environment.ProcessPath!, ["copy", file, input, work], work)));
            }

            var ratio = load.Zip(copy, (l, c) => l.Wall / c.Wall).Order().ElementAt(rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {file} | {Median(load):0.00} | {Median(copy):0.00} | {ratio:0.00} | {Peak(load):0} | {Peak(copy):0} |"));
        }
    }

    private static Measured InTurn(string folder, Func<string, Measured> run)
    {
        var work = Path.Combine(folder, "work");
        Directory.CreateDirectory(work);
        try
        {
            return run(work);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static double Median(List<Measured> runs) => runs.Select(r => r.Wall.TotalSeconds).Order().ElementAt(runs.Count / 2);

    private static double Peak(List<Measured> runs) => runs.Max(r => r.PeakBytes) / 1048576.0;
}

using System.Globalization;
using System.Runtime.InteropServices;
using Dlt.Files;

namespace Dlt.Bench;

/// <summary>
/// <c>dlt load FILE --local</c> (whole program: extract, normalise, Parquet, catalog, bookkeeping) against DuckDB's COPY, in turns.
/// </summary>
internal static class LoadAgainstCopy
{
    private static readonly string[] Heads =
        ["file", "threads", "native, s", "tool, s", "as built, s", "DuckDB COPY, s", "ratio native", "ratio tool", "ratio as built",
            "native, MiB", "tool, MiB", "as built, MiB", "DuckDB, MiB", "dlt out, MB", "DuckDB out, MB"];

    public static void Run(int rounds, string folder, string files)
    {
        Directory.CreateDirectory(folder);
        var tool = Publish(Path.Combine(folder, "dlt"));
        var native = Publish(Path.Combine(folder, "dlt-native"), "-p:Native=true");
        List<string> lines = ["| " + string.Join(" | ", Heads) + " |", "|" + string.Concat(Enumerable.Repeat(" --- |", Heads.Length))];
        lines.ForEach(Console.WriteLine);
        foreach (var file in files.Split(',').Select(InputFile.Of))
        {
            var input = file.In(folder);
            foreach (var threads in new[] { 1, 2 })
            {
                var line = Line(file.Name, input, threads, rounds, folder, tool, native);
                lines.Add(line);
                Console.WriteLine(line);
            }
        }

        Results.Append(rounds, lines);
    }

    private static string Line(string file, string input, int threads, int rounds, string folder, string tool, string native)
    {
        string[] arguments = ["load", input, "--dataset", "bench", "--table", file.ToLowerInvariant(), "--local", "--quiet"];
        var workers = ("NORMALIZE__WORKERS", threads.ToString(CultureInfo.InvariantCulture));
        List<Measured> jit = [], ready = [], machine = [], copy = [];
        for (var round = 0; round < rounds; round++)
        {
            jit.Add(InTurn(folder, work =>
                Measured.Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), .. arguments], work, workers)));
            copy.Add(InTurn(folder, work =>
                Measured.Run(
                "dotnet", [Path.Combine(AppContext.BaseDirectory, "Dlt.Bench.dll"), "copy", file, input, work, workers.Item2], work)));
            ready.Add(InTurn(folder, work => Measured.Run(tool, arguments, work, workers)));
            machine.Add(InTurn(folder, work => Measured.Run(native, arguments, work, workers)));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {file} | {threads} | {Median(machine):0.00} | {Median(ready):0.00} | {Median(jit):0.00} | {Median(copy):0.00} | "
            + $"**{Ratio(machine, copy):0.00}** | **{Ratio(ready, copy):0.00}** | **{Ratio(jit, copy):0.00}** | {Peak(machine):0} | "
            + $"{Peak(ready):0} | {Peak(jit):0} | {Peak(copy):0} | {Output(ready):0.0} | {Output(copy):0.0} |");
    }

    /// <summary>The command as <c>dotnet pack</c> ships it ("tool"), or compiled wholly to machine code ("native").</summary>
    internal static string Publish(string folder, params string[] how)
    {
        var root = Results.Repository;
        Measured.Run(
            "dotnet",
            ["publish", Path.Combine(root, "src", "Dlt.Cli"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, .. how, "-o",
                folder, "-v", "quiet"],
            root);
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "Dlt.Cli.exe" : "Dlt.Cli");
    }

    internal static Measured InTurn(string folder, Func<string, Measured> run)
    {
        var work = Path.Combine(folder, "work");
        Directory.CreateDirectory(work);
        try
        {
            var measured = run(work);
            return measured with
            {
                OutputBytes = Directory.GetFiles(work, "*.parquet", SearchOption.AllDirectories)
                .Where(f => !f.Contains("pipelines", StringComparison.Ordinal)).Sum(f => new FileInfo(f).Length)
            };
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    internal static double Ratio(List<Measured> ours, List<Measured> theirs) =>
        ours.Zip(theirs, (o, t) => o.Wall / t.Wall).Order().ElementAt(ours.Count / 2);

    internal static double Median(List<Measured> runs) => runs.Select(r => r.Wall.TotalSeconds).Order().ElementAt(runs.Count / 2);

    internal static double Peak(List<Measured> runs) => runs.Max(r => r.PeakBytes) / 1048576.0;

    internal static double Output(List<Measured> runs) => runs[0].OutputBytes / 1e6;
}

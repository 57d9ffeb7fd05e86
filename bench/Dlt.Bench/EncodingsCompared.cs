using System.Globalization;
using Dlt.Files;

namespace Dlt.Bench;

/// <summary>
/// Compares the packed <c>dlt load FILE --local</c> with PLAIN and dictionaries (the default), the same with delta encodings, and DuckDB's
/// COPY, alternating.
/// </summary>
internal static class EncodingsCompared
{
    private static readonly string[] Heads =
    [
        "file", "threads", "default, s", "delta, s", "DuckDB COPY, s", "ratio default", "ratio delta",
        "default, CPU s", "delta, CPU s", "default, MiB", "delta, MiB", "default, MB", "delta, MB", "DuckDB, MB",
    ];

    public static void Run(int rounds, string folder, string files)
    {
        Directory.CreateDirectory(folder);
        var tool = LoadAgainstCopy.Publish(Path.Combine(folder, "dlt"));
        List<string> lines = ["| " + string.Join(" | ", Heads) + " |", "|" + string.Concat(Enumerable.Repeat(" --- |", Heads.Length))];
        lines.ForEach(Console.WriteLine);
        foreach (var file in files.Split(',').Select(InputFile.Of))
        {
            var input = file.In(folder);
            foreach (var threads in new[] { "1", "2" })
            {
                lines.Add(Line(file.Name, input, threads, rounds, folder, tool));
                Console.WriteLine(lines[^1]);
            }
        }

        Results.Append(rounds, lines);
    }

    private static string Line(string file, string input, string threads, int rounds, string folder, string tool)
    {
        string[] arguments = ["load", input, "--dataset", "bench", "--table", file.ToLowerInvariant(), "--local", "--quiet"];
        string[] copying = [Path.Combine(AppContext.BaseDirectory, "Dlt.Bench.dll"), "copy", file, input];
        List<Measured> usual = [], delta = [], copy = [];
        for (var round = 0; round < rounds; round++)
        {
            usual.Add(Load("false"));
            copy.Add(LoadAgainstCopy.InTurn(folder, work => Measured.Run("dotnet", [.. copying, work, threads], work)));
            delta.Add(Load("true"));
        }

        string[] cells =
        [
            file, threads, Seconds(usual, m => m.Wall), Seconds(delta, m => m.Wall), Seconds(copy, m => m.Wall), Ratio(usual), Ratio(delta),
            Seconds(usual, m => m.Processor), Seconds(delta, m => m.Processor), Number(LoadAgainstCopy.Peak(usual), "0"),
            Number(LoadAgainstCopy.Peak(delta), "0"),
            Number(LoadAgainstCopy.Output(usual), "0.0"), Number(LoadAgainstCopy.Output(delta), "0.0"),
            Number(LoadAgainstCopy.Output(copy), "0.0"),
        ];
        return "| " + string.Join(" | ", cells) + " |";

        Measured Load(string hasDelta) => LoadAgainstCopy.InTurn(
            folder, work =>
                Measured.Run(tool, arguments, work, ("NORMALIZE__WORKERS", threads), ("DATA_WRITER__DELTA_ENCODINGS", hasDelta)));

        string Ratio(List<Measured> runs) => $"**{Number(LoadAgainstCopy.Ratio(runs, copy), "0.00")}**";
    }

    private static string Seconds(List<Measured> runs, Func<Measured, TimeSpan> time) =>
        Number(runs.Select(r => time(r).TotalSeconds).Order().ElementAt(runs.Count / 2), "0.00");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using System.Globalization;

namespace Dlt.Bench;

/// <summary>Wall time, processor time and peak resident memory of one process.</summary>
internal sealed record Measured(TimeSpan Wall, TimeSpan Processor, long PeakBytes)
{
    /// <summary>Bytes of the Parquet files that it left.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Runs a process to its end; the peak is the high-water mark that Linux keeps, read while it lives.</summary>
    public static Measured Run(
        string program, IEnumerable<string> arguments, string folder, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var before = ProcessorOfChildren();
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        long peak = 0;
        while (!process.WaitForExit(10)) peak = Math.Max(peak, HighWater(process.Id));
        watch.Stop();
        return process.ExitCode == 0
            ? new(watch.Elapsed, ProcessorOfChildren() - before, peak)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    /// <summary>
    /// User and system time of the processes that have ended: fields 16 and 17 of <c>/proc/self/stat</c>, in hundredths of a second. Zero
    /// where there is no such file.
    /// </summary>
    private static TimeSpan ProcessorOfChildren()
    {
        const int afterName = 2, user = 16, system = 17, ticksPerSecond = 100;
        if (!OperatingSystem.IsLinux()) return TimeSpan.Zero;
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long Field(int number) => long.Parse(fields[number - afterName - 1], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((Field(user) + Field(system)) / (double)ticksPerSecond);
    }

    private static long HighWater(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;   // it just ended, or this is not Linux
        }
    }
}

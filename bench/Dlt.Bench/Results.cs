using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Dlt.Bench;

/// <summary>The committed record of measurements, <c>bench/results.md</c>.</summary>
internal static class Results
{
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    public static void Append(int rounds, IEnumerable<string> lines)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"\n## {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, after commit {Commit()}, {Environment.ProcessorCount} "
            + $"cores, {rounds} rounds\n\n");
        File.AppendAllText(Path.Combine(Repository, "bench", "results.md"), head + string.Join('\n', lines) + "\n");
    }

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"])
        { WorkingDirectory = Repository, RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

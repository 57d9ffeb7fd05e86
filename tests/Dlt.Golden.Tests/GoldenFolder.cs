using System.Collections.Concurrent;
using System.IO.Compression;
using Dlt.Json;

namespace Dlt.Golden;

/// <summary>Finds the golden data: the folder that DLT_GOLDEN names, else the zips beside the tests, unpacked.</summary>
internal static class GoldenFolder
{
    private static readonly ConcurrentDictionary<string, string?> Folders = new();

    /// <summary>The folder of cases, such as <c>dlt/units</c>; null when DLT_GOLDEN has none of that name.</summary>
    public static string? Find(string name) => Folders.GetOrAdd(name, static n =>
        Environment.GetEnvironmentVariable("DLT_GOLDEN") is { Length: > 0 } root
            ? Directory.Exists(Path.Combine(root, n)) ? Path.Combine(root, n) : null
            : Unpack(n));

    /// <summary>A file beside the cases; taken from the repository's copy when DLT_GOLDEN lacks it.</summary>
    public static string Beside(string name, string file)
    {
        var path = Path.Combine(Find(name) ?? Unpack(name), file);
        return File.Exists(path) ? path : Path.Combine(Unpack(name), file);
    }

    private static string Unpack(string name)
    {
        var zip = Path.Combine(AppContext.BaseDirectory, "golden", name.Replace('/', '-') + ".zip");
        var target = Path.Combine(Path.GetTempPath(), "dlt-golden-" + Environment.ProcessId, name);
        lock (Folders)
        {
            if (!Directory.Exists(target)) ZipFile.ExtractToDirectory(zip, target);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteQuietly(Path.GetDirectoryName(target)!);
        return target;
    }

    private static void DeleteQuietly(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder; the next clean-up of the machine takes it.
        }
    }
}

/// <summary>Cases that we decide otherwise or do not pass yet, each with its reason: exceptions.json.</summary>
internal static class Exceptions
{
    private static readonly JsonValue Listed = JsonParser.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "exceptions.json")));

    public static string? Reason(string folder, string id) => Listed[folder]?[id]?.AsString();
}

/// <summary>Counts per golden folder, printed at the end.</summary>
internal static class Tally
{
    private static readonly ConcurrentDictionary<string, (int Passed, int Failed, int Skipped)> Counts = new();

    public static void Run(string folder, string id, Action test)
    {
        if (Exceptions.Reason(folder, id) is { } reason)
        {
            Count(folder, 0, 0, 1);
            Xunit.Assert.Skip(reason);
        }

        try
        {
            test();
        }
        catch
        {
            Count(folder, 0, 1, 0);
            throw;
        }

        Count(folder, 1, 0, 0);
    }

    public static void Print()
    {
        foreach (var (folder, counts) in Counts.OrderBy(c => c.Key, StringComparer.Ordinal))
            Console.WriteLine($"golden {folder}: {counts.Passed} passed, {counts.Failed} failed{(counts.Skipped > 0 ? $", {counts.Skipped} skipped" : "")}");
    }

    private static void Count(string folder, int passed, int failed, int skipped) => Counts.AddOrUpdate(
        folder, (passed, failed, skipped), (_, c) => (c.Passed + passed, c.Failed + failed, c.Skipped + skipped));
}

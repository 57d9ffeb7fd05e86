using System.Collections.Concurrent;
using System.IO.Compression;

namespace Dlt.Golden;

/// <summary>Finds the golden data: the folder that DLT_GOLDEN names, or else the unpacked zips next to the tests.</summary>
internal static class GoldenFolder
{
    private static readonly ConcurrentDictionary<string, string?> Folders = new();

    /// <summary>The folders of the repository's own data.</summary>
    public static readonly string[] Names = ["dlt/units", "dlt/pipelines", "dlt/rest", "dlt/sql-source",
        "dlt/file-source", "dlt-athena", "iceberg", "clients", "sql"];

    /// <summary>The folder that DLT_GOLDEN names; null for the repository's own data.</summary>
    public static string? Root { get; } = Environment.GetEnvironmentVariable("DLT_GOLDEN") is { Length: > 0 } root ? root : null;

    /// <summary>True for the repository's own data.</summary>
    public static bool IsOwn => Root is null;

    /// <summary>The folder of cases, such as <c>dlt/units</c>; null when DLT_GOLDEN has none of that name.</summary>
    public static string? Find(string name) =>
        Folders.GetOrAdd(
            name, static n => Root is not { } root ? Unpack(n) : Directory.Exists(Path.Combine(root, n)) ? Path.Combine(root, n) : null);

    private static string Unpack(string name)
    {
        var zip = Path.Combine(AppContext.BaseDirectory, "golden", name.Replace('/', '-') + ".zip");
        var target = Path.Combine(Path.GetTempPath(), "dlt-golden-" + Environment.ProcessId, name);
        lock (Folders)
        {
            if (!Directory.Exists(target)) ZipFile.ExtractToDirectory(zip, target);
        }

        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            DeleteQuietly(Path.Combine(Path.GetTempPath(), "dlt-golden-" + Environment.ProcessId));
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

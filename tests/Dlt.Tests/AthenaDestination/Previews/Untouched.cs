using System.Collections.Concurrent;
using System.Security.Cryptography;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Previews;

/// <summary>Sees whether something was written: the calls of an account that change it, and the files below a folder.</summary>
internal static class Untouched
{
    private static readonly string[] Reads = ["Get", "Find", "List", "Head", "TryRead", "OpenRead", "BucketExists", "get_"];

    /// <summary>An account whose calls that are not reads are noted.</summary>
    public static Machine Watch(LocalAthena account, ConcurrentQueue<string> writes)
    {
        T Of<T>(T service) where T : class => Steps.Intercept(service, (method, call) =>
        {
            if (!Reads.Any(r => method.StartsWith(r, StringComparison.Ordinal))) writes.Enqueue(method);
            return call();
        });
        return new(account, glue: Of(account.Glue), objects: Of(account.Objects), athena: Of(account.Athena));
    }

    /// <summary>Paths of all folders and files below a folder, with the hashes of the files; not what SQLite keeps for a moment.</summary>
    public static string Of(string folder)
    {
        if (!Directory.Exists(folder)) return "";
        var folders = Directory.GetDirectories(folder, "*", SearchOption.AllDirectories);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !f.EndsWith("-wal", StringComparison.Ordinal))
            .Select(f => $"{f} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))}");
        return string.Join('\n', folders.Concat(files).Order(StringComparer.Ordinal));
    }
}

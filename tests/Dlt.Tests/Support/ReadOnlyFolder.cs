using System.Runtime.Versioning;

namespace Dlt.Tests.Support;

/// <summary>A folder that nobody can write to until this is disposed: by its rights, or for root by a read-only mount.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ReadOnlyFolder : IAsyncDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserExecute;

    private readonly string _folder;
    private readonly bool _isMounted;

    private ReadOnlyFolder(string folder, bool isMounted) => (_folder, _isMounted) = (folder, isMounted);

    /// <summary>Makes a folder read-only; null when root may not mount here.</summary>
    public static async Task<ReadOnlyFolder?> MakeAsync(string folder)
    {
        if (Environment.UserName == "root")
        {
            if ((await Tool.RunAsync("mount", ["--bind", folder, folder])).ExitCode != 0) return null;
            (await Tool.RunAsync("mount", ["-o", "remount,bind,ro", folder])).Succeeded();
            return new(folder, isMounted: true);
        }

        foreach (var file in Directory.GetFiles(folder)) File.SetUnixFileMode(file, UnixFileMode.UserRead);
        foreach (var inner in FoldersOf(folder)) File.SetUnixFileMode(inner, Readable);
        return new(folder, isMounted: false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isMounted)
        {
            (await Tool.RunAsync("umount", ["-l", _folder])).Succeeded();
            return;
        }

        foreach (var inner in FoldersOf(_folder)) File.SetUnixFileMode(inner, Readable | UnixFileMode.UserWrite);
    }

    private static List<string> FoldersOf(string folder) => [folder, .. Directory.GetDirectories(folder, "*", SearchOption.AllDirectories)];
}

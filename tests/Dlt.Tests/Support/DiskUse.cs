namespace Dlt.Tests.Support;

/// <summary>Disk space that file-based programs use.</summary>
internal static class DiskUse
{
    private const long MiB = 1 << 20;

    /// <summary>Asserts that a home folder has the build of one program and less than 150 MB.</summary>
    public static void AssertOneProgram(string home)
    {
        var all = new DirectoryInfo(home).EnumerateFiles("*", SearchOption.AllDirectories);
        var files = all.Where(file => file.LinkTarget is null).OrderByDescending(file => file.Length).ToList();
        Assert.Contains(files, file => file.Name == "Dlt.Core.dll");
        var biggest = string.Join('\n', files.Take(20).Select(file => $"{file.Length / MiB} MiB {file.FullName}"));
        Assert.True(files.Sum(file => file.Length) < 150_000_000, biggest);
    }
}

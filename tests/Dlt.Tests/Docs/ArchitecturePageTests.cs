using System.Text.RegularExpressions;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>docs/architecture.md names files, folders and types that exist.</summary>
public partial class ArchitecturePageTests
{
    /// <summary>Places on the disk and in a bucket, which are not code.</summary>
    private static readonly string[] NotCode = ["normalize/extracted", "load/normalized", "_dlt_publish/swap-location"];

    private static string Page => File.ReadAllText(Path.Combine(Tool.Repository, "docs", "architecture.md"));

    [Fact]
    public void Paths_exist()
    {
        var known = Entries().Select(e => "/" + e).ToList();
        var missing = Quoted(Page).Where(q => q.Contains('/') && !NotCode.Contains(q) && PathForm().IsMatch(q))
            .Where(q => !known.Exists(e => e.EndsWith("/" + q.TrimEnd('/'), StringComparison.Ordinal)
                || e.EndsWith($"/{q}.cs", StringComparison.Ordinal)));
        Assert.Empty(missing);
    }

    [Fact]
    public void Types_and_members_exist()
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Entries().Where(e => e.EndsWith(".cs", StringComparison.Ordinal)))
            words.UnionWith(Word().Matches(File.ReadAllText(Path.Combine(Tool.Repository, file))).Select(m => m.Value));
        foreach (var entry in Entries()) words.UnionWith(Path.GetFileName(entry).Split('.'));
        var missing = Quoted(Page).Where(q => NameForm().IsMatch(q)).Where(q => q.Split('.').Any(part => !words.Contains(part)));
        Assert.Empty(missing);
    }

    private static IEnumerable<string> Quoted(string page) => Code().Matches(page).Select(m => m.Groups[1].Value).Distinct();

    /// <summary>Files and folders of code and docs, with slashes.</summary>
    private static List<string> Entries() =>
    [
        .. new[] { "src", "tests", "eng", "docs" }
            .SelectMany(f => Directory.EnumerateFileSystemEntries(
                Path.Combine(Tool.Repository, f), "*", SearchOption.AllDirectories))
            .Select(p => Path.GetRelativePath(Tool.Repository, p).Replace('\\', '/'))
            .Where(p => !p.Split('/').Any(part => part is "bin" or "obj")),
    ];

    [GeneratedRegex("`([^`\\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^[\\w./-]+$")]
    private static partial Regex PathForm();

    [GeneratedRegex("^[A-Z]\\w+(\\.\\w+)*$")]
    private static partial Regex NameForm();

    [GeneratedRegex("\\w+")]
    private static partial Regex Word();
}

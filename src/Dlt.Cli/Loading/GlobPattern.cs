using System.IO.Enumeration;

namespace Dlt.Cli.Loading;

/// <summary>
/// A pattern of paths: <c>*</c> and <c>?</c> match characters of one name, <c>**</c> any number of folders. As in shells, names that begin
/// with a point match only patterns that do; <c>**</c> does not follow links to folders.
/// </summary>
internal sealed class GlobPattern
{
    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];
    private static readonly bool IgnoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    private readonly string _root;
    private readonly string[] _parts;

    /// <summary>Parses a pattern.</summary>
    /// <param name="pattern">The pattern, relative to the folder unless it is rooted.</param>
    /// <param name="folder">Folder in which the command runs.</param>
    public GlobPattern(string pattern, string folder)
    {
        var parts = pattern.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var plain = Array.FindIndex(parts, IsPattern);
        var isRooted = Path.IsPathRooted(pattern);
        var head = string.Join(Path.DirectorySeparatorChar, parts[..plain]);
        _root = isRooted ? Path.Combine(Path.GetPathRoot(pattern)!, head) : Path.GetFullPath(head.Length == 0 ? "." : head, folder);
        _parts = parts[plain..];
    }

    /// <summary>True if the text has a wildcard.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>Finds the files that match, sorted by path in ordinal order.</summary>
    public IReadOnlyList<string> Files() => [.. Find(_root, 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Find(string folder, int at)
    {
        var part = _parts[at];
        var isLast = at == _parts.Length - 1;
        if (part == "**")
        {
            var here = isLast ? Directory.EnumerateFiles(folder).Where(f => !IsHidden(f)) : Find(folder, at + 1);
            foreach (var found in here) yield return found;
            var below = Folders(folder).Where(f => !IsHidden(f) && new DirectoryInfo(f).LinkTarget is null);
            foreach (var found in below.SelectMany(f => Find(f, at))) yield return found;
            yield break;
        }

        if (part == "..")
        {
            foreach (var found in isLast ? [] : Find(Path.GetFullPath(Path.Combine(folder, part)), at + 1)) yield return found;
            yield break;
        }

        var names = (isLast ? Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [] : Folders(folder))
            .Where(f => Matches(part, Path.GetFileName(f)));
        foreach (var found in isLast ? names : names.SelectMany(f => Find(f, at + 1))) yield return found;
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    private static bool Matches(string part, string name) =>
        (part[0] == '.' || !name.StartsWith('.')) && FileSystemName.MatchesSimpleExpression(part, name, IgnoresCase);
}

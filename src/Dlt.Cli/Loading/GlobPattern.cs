using System.IO.Enumeration;

namespace Dlt.Cli.Loading;

/// <summary>
/// A pattern of paths: <c>*</c> and <c>?</c> stand for characters of one name, <c>**</c> for any number of folders. Names that begin with a
/// point are found only by patterns that do, as in shells; links to folders are not followed by <c>**</c>.
/// </summary>
internal sealed class GlobPattern
{
    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];
    private static readonly bool IgnoresCase = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    private readonly string _root;
    private readonly string[] _parts;

    /// <param name="pattern">The pattern, below the folder unless it is rooted.</param>
    /// <param name="folder">The folder in which the command runs.</param>
    public GlobPattern(string pattern, string folder)
    {
        var parts = pattern.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        var plain = Array.FindIndex(parts, IsPattern);
        var isRooted = Path.IsPathRooted(pattern);
        var head = string.Join(Path.DirectorySeparatorChar, parts[..plain]);
        _root = isRooted ? Path.Combine(Path.GetPathRoot(pattern)!, head) : Path.GetFullPath(head.Length == 0 ? "." : head, folder);
        _parts = parts[plain..];
    }

    /// <summary>True when the text has a character that stands for others.</summary>
    public static bool IsPattern(string text) => text.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that match, in the order of their paths, letter by letter.</summary>
    public IReadOnlyList<string> Files() => [.. Find(_root, 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Find(string folder, int at)
    {
        var part = _parts[at];
        var isLast = at == _parts.Length - 1;
        if (part == "**")
        {
            foreach (var found in isLast ? Directory.EnumerateFiles(folder).Where(f => !IsHidden(f)) : Find(folder, at + 1))
                yield return found;
            foreach (var below in Folders(folder).Where(f => !IsHidden(f) && new DirectoryInfo(f).LinkTarget is null))
                foreach (var found in Find(below, at)) yield return found;
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

using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>Finds the snippets of README, docs, packages, samples and measurements.</summary>
internal static class SnippetReader
{
    private const string Fence = "```";
    private const string Comment = "<!-- snippet";

    public static IReadOnlyList<Snippet> ReadAll() =>
        [.. Pages().SelectMany(file => Read(file, File.ReadAllLines(Path.Combine(Tool.Repository, file))))];

    /// <summary>
    /// Every page except the specifications, from the root of the repository. Code of the specifications belongs to other programs.
    /// </summary>
    public static IEnumerable<string> Pages()
    {
        var root = Tool.Repository;
        var folders = new[] { "docs", "bench", "samples", "src" };
        var below = folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*.md", SearchOption.AllDirectories));
        return Directory.EnumerateFiles(root, "*.md").Concat(below)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj") && !path.StartsWith("docs/spec/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    public static IEnumerable<Snippet> Read(string file, string[] lines)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            if (!lines[at].TrimStart().StartsWith(Fence, StringComparison.Ordinal)) continue;
            var end = Array.FindIndex(lines, at + 1, line => line.Trim() == Fence);
            if (end < 0) throw new InvalidDataException($"{file}:{at + 1}: the fence has no end.");
            if (IsCSharp(lines[at]))
            {
                var needs = Needs(file, lines, at);
                var code = string.Join('\n', lines[(at + 1)..end]) + "\n";
                var name = needs["file"] is { Length: > 0 } given ? given.Trim() : "program.cs";
                var onlyCompiled = needs["only compiled"] is { Length: > 0 } reason ? reason : null;
                yield return new(file, at + 2, code, needs["before"], needs["after"], name, onlyCompiled);
            }

            at = end;
        }
    }

    private static bool IsCSharp(string fence) => fence.Trim()[Fence.Length..].Trim() is "csharp" or "cs" or "c#" or "C#";

    /// <summary>The parts of the comment above a fence; empty without one.</summary>
    private static Dictionary<string, string> Needs(string file, string[] lines, int fence)
    {
        var needs = new Dictionary<string, string> { ["before"] = "", ["after"] = "", ["file"] = "", ["only compiled"] = "" };
        if (fence == 0 || !lines[fence - 1].EndsWith("-->", StringComparison.Ordinal)) return needs;
        var start = Array.FindLastIndex(lines, fence - 1, line => line.StartsWith("<!--", StringComparison.Ordinal));
        if (start < 0 || !lines[start].StartsWith(Comment, StringComparison.Ordinal)) return needs;
        var part = "";
        for (var at = start; at < fence; at++)
        {
            var line = lines[at].Replace(Comment, "", StringComparison.Ordinal).Replace("-->", "", StringComparison.Ordinal).TrimEnd();
            var name = needs.Keys.FirstOrDefault(name => line.TrimStart().StartsWith(name + ":", StringComparison.Ordinal));
            if (name is not null) (part, line) = (name, line.TrimStart()[(name.Length + 1)..].Trim());
            if (line.Length == 0) continue;
            if (part.Length == 0) throw new InvalidDataException($"{file}:{at + 1}: '{line}' is none of {string.Join(", ", needs.Keys)}.");
            needs[part] += line + "\n";
        }

        return needs;
    }
}

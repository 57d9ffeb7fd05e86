using Dlt.Internal;

namespace Dlt.Cli.Loading;

/// <summary>Finds the inputs of <c>dlt load</c>: files, patterns of files, and pipes that are read once.</summary>
internal static class InputPath
{
    private const string StandardInput = "-";

    /// <summary>
    /// Finds the inputs in the order of the arguments. The files of a pattern are sorted, and a file that is named twice is listed once.
    /// </summary>
    /// <param name="arguments">Paths, patterns, <c>-</c>.</param>
    /// <param name="folder">Folder in which the command runs.</param>
    /// <param name="commandWith">Returns the command line with another file in place of an argument, ready to paste.</param>
    /// <exception cref="DltException">A file does not exist or is a folder.</exception>
    public static IReadOnlyList<FileInput> Find(IReadOnlyList<string> arguments, string folder, Func<string, string, string> commandWith)
    {
        var found = new List<FileInput>();
        foreach (var argument in arguments)
            foreach (var input in FindOne(argument, folder, commandWith))
                if (!found.Exists(f => f.Path == input.Path)) found.Add(input);
        return found;
    }

    private static IEnumerable<FileInput> FindOne(string argument, string folder, Func<string, string, string> commandWith)
    {
        if (argument == StandardInput)
            return [new(argument)
            {
                Name = "standard input",
                IsPipe = true,
                Open = OpenStandardInput,
                Command = new(argument, other => commandWith(argument, other)),
            }];
        var path = Path.GetFullPath(argument, folder);
        if (Directory.Exists(path)) throw IsFolder(argument, path, commandWith);
        if (File.Exists(path)) return [Of(argument, path) with { Command = new(argument, other => commandWith(argument, other)) }];
        if (!GlobPattern.IsPattern(argument)) throw new DltException($"File does not exist: '{argument}'. Nothing was loaded.");
        var files = new GlobPattern(argument, folder).Files();
        if (files.Count == 0) throw new DltException($"No file matches '{argument}'. Nothing was loaded.");
        return files.Select(f => Of(f, f) with { Command = new(f, other => commandWith(argument, other)) });
    }

    /// <summary>
    /// Describes a file. Files in <c>/dev</c> (but for those in memory, <c>/dev/shm</c>) and <c>/proc</c>, and files with a length of zero,
    /// as named pipes have, are read once and copied.
    /// </summary>
    private static FileInput Of(string name, string path)
    {
        var isDevice = !OperatingSystem.IsWindows()
            && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal))
            && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
        if (isDevice) return new(path) { Name = name, IsPipe = true };
        return new(path) { IsPipe = new FileInfo(path).Length == 0 };
    }

    private static Stream OpenStandardInput()
    {
        if (!Console.IsInputRedirected) Console.Error.WriteLine("Reading from the terminal. End the input with Ctrl-D on an empty line.");
        return Console.OpenStandardInput();
    }

    private static DltException IsFolder(string argument, string path, Func<string, string, string> commandWith)
    {
        var files = new GlobPattern("*", path).Files();
        var isDeep = files.Count == 0;
        if (isDeep) files = new GlobPattern("**/*", path).Files();
        if (files.Count == 0) return new($"'{argument}' is a folder without files. Nothing was loaded.");
        var ending = files.GroupBy(EndingOf).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        var pattern = Path.Combine(argument, isDeep ? "**" : "", "*" + ending);
        return new($"'{argument}' is a folder. Nothing was loaded. Name its files, or a pattern of them: {commandWith(argument, pattern)}");
    }

    /// <summary>The ending, including that of a compression: <c>.csv.gz</c>.</summary>
    private static string EndingOf(string path)
    {
        var ending = Path.GetExtension(path);
        return ending is ".gz" or ".zst" ? Path.GetExtension(Path.GetFileNameWithoutExtension(path)) + ending : ending;
    }
}

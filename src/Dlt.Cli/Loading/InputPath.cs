namespace Dlt.Cli.Loading;

/// <summary>Finds the inputs of <c>dlt load</c> as they are named: files, patterns of files, and pipes that are read once.</summary>
internal static class InputPath
{
    private const string StandardInput = "-";

    /// <summary>
    /// Finds what the arguments name, in their order; the files of a pattern are sorted, and a file that is named twice is there once.
    /// </summary>
    /// <param name="arguments">Paths, patterns, <c>-</c>.</param>
    /// <param name="folder">The folder in which the command runs.</param>
    /// <param name="commandWith">The command line with another file in place of an argument, to paste.</param>
    /// <exception cref="DltException">There is no such file, or it is a folder.</exception>
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
                Name = "standard input", IsPipe = true, Open = OpenStandardInput,
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
    /// Read once, and copied, is what lies in <c>/dev</c> and <c>/proc</c>, and a file that says it has no bytes, which named pipes do.
    /// </summary>
    private static FileInput Of(string name, string path)
    {
        var isDevice = !OperatingSystem.IsWindows()
            && (path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal));
        if (isDevice) return new(path) { Name = name, IsPipe = true };
        return new(path) { IsPipe = new FileInfo(path).Length == 0 };
    }

    private static Stream OpenStandardInput()
    {
        if (!Console.IsInputRedirected) Console.Error.WriteLine("Reads the terminal. End the input with Ctrl-D on a line of its own.");
        return Console.OpenStandardInput();
    }

    private static DltException IsFolder(string argument, string path, Func<string, string, string> commandWith)
    {
        var files = new GlobPattern("*", path).Files();
        var isDeep = files.Count == 0;
        if (isDeep) files = new GlobPattern("**/*", path).Files();
        if (files.Count == 0) return new($"'{argument}' is a folder, and there is no file in it. Nothing was loaded.");
        var ending = files.GroupBy(EndingOf).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First().Key;
        var pattern = Path.Combine(argument, isDeep ? "**" : "", "*" + ending);
        return new($"'{argument}' is a folder. Nothing was loaded. Name its files, or a pattern of them: {commandWith(argument, pattern)}");
    }

    /// <summary>The ending with that of the compression: <c>.csv.gz</c>.</summary>
    private static string EndingOf(string path)
    {
        var ending = Path.GetExtension(path);
        return ending is ".gz" or ".zst" ? Path.GetExtension(Path.GetFileNameWithoutExtension(path)) + ending : ending;
    }
}

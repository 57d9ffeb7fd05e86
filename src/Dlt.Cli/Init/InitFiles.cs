using System.Reflection;

namespace Dlt.Cli.Init;

/// <summary>Writes the files of <c>dlt init</c>.</summary>
internal static class InitFiles
{
    /// <summary>A file that comes with the program.</summary>
    public static string Template(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("templates/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Writes a file, unless it exists. Returns whether it was written.</summary>
    public static bool Write(string folder, string name, string content, TextWriter output)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            output.WriteLine($"kept    {name}");
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        output.WriteLine($"wrote   {name}");
        return true;
    }
}

using System.Reflection;
using System.Xml.Linq;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>One project of many snippets, against the assemblies that these tests were built with.</summary>
internal static class SnippetProject
{
    /// <summary>
    /// Builds, and returns the path of the assembly. Fails the test with the errors of the compiler, which name page and line.
    /// </summary>
    public static async Task<string> BuildAsync(string folder, IEnumerable<Snippet> snippets)
    {
        Directory.CreateDirectory(folder);
        foreach (var snippet in snippets)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, snippet.ClassName + ".cs"), SnippetClass.Write(snippet));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "Snippets.csproj"), Project().ToString());
        // Stops the search for props files in the folders above.
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        string[] build = ["build", "-c", "Release", "-v", "quiet", "-tl:off", "-nologo", "-o", Path.Combine(folder, "out")];
        var built = await Tool.RunAsync("dotnet", build, folder);
        var errors = built.Output.Split('\n').Select(line => line.Trim())
            .Where(line => line.Contains(": error ", StringComparison.Ordinal));
        var said = string.Join('\n', errors.Distinct().DefaultIfEmpty(built.Output + built.Error));
        Assert.True(built.ExitCode == 0, "Snippets do not compile:\n" + said);
        return Path.Combine(folder, "out", "Snippets.dll");
    }

    private static XElement Project() => new("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
        new XElement("PropertyGroup",
            new XElement("TargetFramework", "net10.0"),
            new XElement("ImplicitUsings", "enable"),
            new XElement("Nullable", "enable"),
            new XElement("EnableNETAnalyzers", "false"),
            new XElement("GenerateAssemblyInfo", "false"),
            new XElement("NoWarn", "$(NoWarn);CS0105;CS0162;CS1701;CS1702;CS8019;MSB3277")),
        new XElement("ItemGroup", References().Select(path => new XElement("Reference",
            new XAttribute("Include", Path.GetFileNameWithoutExtension(path)),
            new XElement("HintPath", path),
            new XElement("Private", "false")))));

    /// <summary>The assemblies next to these tests.</summary>
    private static IEnumerable<string> References() => Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll").Where(IsManaged);

    private static bool IsManaged(string path)
    {
        try
        {
            return AssemblyName.GetAssemblyName(path).Name is { } name && !name.StartsWith("System.Private", StringComparison.Ordinal);
        }
        catch (BadImageFormatException)
        {
            return false;   // a native library
        }
    }
}

using System.Text.RegularExpressions;

namespace Dlt.Tests.Docs;

/// <summary>
/// A <c>csharp</c> fence of the documentation. A comment <c>&lt;!-- snippet … --&gt;</c> on the lines above it may say what it needs
/// (CONTRIBUTING.md, "Snippets").
/// </summary>
/// <param name="File">The file, from the root of the repository.</param>
/// <param name="Line">The line of its first line of code, from 1.</param>
/// <param name="Code">The code as printed.</param>
/// <param name="Before">Code that runs before it, in the same method.</param>
/// <param name="After">Code that runs after it, in the same method.</param>
/// <param name="FileName">The name of a whole program's file.</param>
/// <param name="OnlyCompiled">The reason why it is not run; null when it is run.</param>
internal sealed partial record Snippet(
    string File, int Line, string Code, string Before, string After, string FileName, string? OnlyCompiled)
{
    public string Place => $"{File}:{Line}";

    /// <summary>The name of its class in the project of all snippets.</summary>
    public string ClassName => NoLetter().Replace(File, "_") + "_" + Line;

    /// <summary>True for a file that <c>dotnet run</c> takes as it is; false for a part of a program.</summary>
    public bool IsProgram => Code.StartsWith("#:", StringComparison.Ordinal);

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NoLetter();
}

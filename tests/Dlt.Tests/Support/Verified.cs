using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Dlt.Tests.Support;

/// <summary>Compares long texts with files that a reviewer can diff.</summary>
internal static class Verified
{
    /// <summary>Matches the id of a load or package, such as <c>1700000000.1234567</c>.</summary>
    public const string LoadId = @"\b\d{10}\.\d{1,7}\b";

    /// <summary>
    /// Asserts that a text equals the file <c>TestClass.name.verified.txt</c> next to the source of the test. On a difference it writes
    /// <c>TestClass.name.received.txt</c> there; rename it to accept the new text.
    /// </summary>
    /// <param name="text">Text that the test produced.</param>
    /// <param name="name">Name of the expectation.</param>
    /// <param name="scrubs">Regular expressions for paths, times and ids, each with the text that replaces its matches.</param>
    /// <param name="source">File of the test; the compiler sets it.</param>
    public static void Matches(
        string text, string name, (string Pattern, string Replacement)[]? scrubs = null, [CallerFilePath] string source = "")
    {
        text = text.ReplaceLineEndings("\n");
        foreach (var (pattern, replacement) in scrubs ?? []) text = Regex.Replace(text, pattern, replacement);
        var lines = text.Split('\n').Select(line => line.TrimEnd());
        var received = string.Join('\n', lines).TrimEnd('\n') + "\n";
        var basis = Path.Combine(Path.GetDirectoryName(source)!, $"{Path.GetFileNameWithoutExtension(source)}.{name}");
        var verified = basis + ".verified.txt";
        var expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : "";
        if (received != expected) File.WriteAllText(basis + ".received.txt", received);
        Assert.Equal(expected, received);
    }
}

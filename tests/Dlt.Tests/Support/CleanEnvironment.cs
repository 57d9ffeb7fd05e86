using System.Collections;

namespace Dlt.Tests.Support;

/// <summary>Environment of a machine without an AWS login: an empty home, no variable of AWS or of the destination.</summary>
internal static class CleanEnvironment
{
    /// <param name="folder">The folder of the run; the home is <c>home</c> in it.</param>
    /// <param name="more">Additional variables.</param>
    public static Dictionary<string, string?> Of(TempFolder folder, params (string Name, string? Value)[] more)
    {
        Directory.CreateDirectory(folder.File("home"));
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(e => (string)e.Key)
            .Where(n => n.StartsWith("AWS_", StringComparison.Ordinal) || n.StartsWith("DESTINATION__", StringComparison.Ordinal))
            .ToDictionary(n => n, _ => (string?)null);
        variables["HOME"] = folder.File("home");
        variables["DLT_DATA_DIR"] = folder.File("data");
        variables["AWS_EC2_METADATA_DISABLED"] = "true";   // a role of the machine must not affect the test
        foreach (var (name, value) in more) variables[name] = value;
        return variables;
    }
}

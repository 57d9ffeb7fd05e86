using System.Text.RegularExpressions;

namespace Dlt.Documents;

/// <summary>Recognises texts that are Python code, which a YAML or JSON file cannot run.</summary>
internal static partial class PythonOnly
{
    /// <summary>Returns what is wrong with a text and what to write instead; null for an ordinary text.</summary>
    public static string? Of(string text)
    {
        if (Setting().Match(text) is { Success: true } setting)
        {
            return $"is the Python expression '{setting.Groups["all"].Value}', which is not evaluated here. Leave the key out: it is read "
                + "from secrets.toml or the environment. In C# set the property: RestApi.FromFile returns a record.";
        }

        return Code().IsMatch(text)
            ? "is Python code, which is not run here. Write it in C#: read the file with RestApi.FromFile and set the function with 'with'."
            : null;
    }

    [GeneratedRegex(@"^\s*(?<all>dlt\.(secrets|config)\s*(\[[^\]]*\]|\.\w+)).*$")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^\s*(lambda\b[^:]*:|dlt\.\w+\(|os\.(environ|getenv)\b)")]
    private static partial Regex Code();
}

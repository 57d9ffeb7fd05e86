using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>An answer that is not one of AWS: the page of a proxy, a gateway or a login portal in place of the service.</summary>
internal static partial class ForeignPage
{
    /// <summary>What users do about it.</summary>
    public const string Remedy = "Check endpoint_url and the proxy between this machine and the service, then run again.";

    private const int ShownChars = 200;
    private const string Beginning = "an answer that is not of AWS";

    /// <summary>True for an error whose message describes such an answer.</summary>
    public static bool Is(AmazonServiceException error) => error.Message?.StartsWith(Beginning, StringComparison.Ordinal) == true;

    /// <summary>Describes the answer in one line: <c>an answer that is not of AWS ("502 Bad Gateway")</c>.</summary>
    /// <param name="body">Its body.</param>
    public static string Describe(string body) =>
        TextOf(body) is { Length: > 0 } text ? $"{Beginning} (\"{text}\")" : "an answer without a text";

    /// <summary>The title of a page, or else its text, in one line of at most 200 characters.</summary>
    private static string TextOf(string body)
    {
        var title = Title().Match(body);
        var text = title.Success ? title.Groups[1].Value : Tag().Replace(Unseen().Replace(body, " "), " ");
        text = Blanks().Replace(text, " ").Trim();
        return text.Length <= ShownChars ? text : text[..ShownChars] + "…";
    }

    [GeneratedRegex("<title[^>]*>([^<]*[^<\\s][^<]*)</title>", RegexOptions.IgnoreCase)]
    private static partial Regex Title();

    [GeneratedRegex("<(script|style)[^>]*>.*?</\\1>|<!--.*?-->", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Unseen();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("\\s+|\\p{C}+")]
    private static partial Regex Blanks();
}

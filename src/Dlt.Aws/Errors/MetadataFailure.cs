using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Errors of Athena's metadata calls. The service has one code for all that the catalog behind it answers; the text of the catalog decides
/// (Amazon Athena API, MetadataException).
/// </summary>
internal static partial class MetadataFailure
{
    private const string Code = "MetadataException";
    private const string NotFound = "EntityNotFoundException";

    /// <summary>Exceptions of Hive metastores and of Glue about a database or table that does not exist.</summary>
    private static readonly string[] MissingExceptions = [NotFound, "NoSuchObjectException", "UnknownDBException"];

    /// <summary>
    /// What texts say about something that does not exist: the database or table, or else the function of the catalog, its driver, its
    /// network.
    /// </summary>
    private static readonly string[] MissingTexts = ["not found", "does not exist"];

    /// <summary>
    /// The error code that Glue has for the same failure. A database or table counts as missing only if the error is about it: whoever
    /// takes a broken catalog for an empty one loads everything again.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="names">Names of the database and the table that the call asks for.</param>
    public static string? CodeOf(AmazonServiceException error, params ReadOnlySpan<string> names) =>
        error.ErrorCode == Code && IsMissing(error, names) ? NotFound : error.ErrorCode;

    /// <summary>True when the login may not call the function of the catalog.</summary>
    public static bool IsDenied(AmazonServiceException error) => error.ErrorCode == Code && Says(error, "not authorized to perform");

    private static bool IsMissing(AmazonServiceException error, ReadOnlySpan<string> names)
    {
        if (MissingExceptions.Any(t => Says(error, t))) return true;
        if (!MissingTexts.Any(t => Says(error, t))) return false;
        var text = Arn().Replace(error.Message, "");   // an ARN may have the name in that of a function
        foreach (var name in names)
            if (Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(name)}(?!\w)", RegexOptions.IgnoreCase)) return true;
        return false;
    }

    [GeneratedRegex(@"arn:[^\s\])]*")]
    private static partial Regex Arn();

    private static bool Says(AmazonServiceException error, string text) =>
        error.Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

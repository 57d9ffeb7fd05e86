using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Errors of Athena's metadata calls. The service has one code for all that the catalog behind it answers; the text of the catalog decides
/// (Amazon Athena API, MetadataException).
/// </summary>
internal static class MetadataFailure
{
    private const string Code = "MetadataException";
    private const string NotFound = "EntityNotFoundException";

    /// <summary>Texts of Hive metastores and of Glue about a database or table that does not exist.</summary>
    private static readonly string[] MissingTexts =
        [NotFound, "NoSuchObjectException", "UnknownDBException", "not found", "does not exist"];

    /// <summary>The error code that Glue has for the same failure.</summary>
    public static string? CodeOf(AmazonServiceException error) =>
        error.ErrorCode == Code && MissingTexts.Any(t => Says(error, t)) ? NotFound : error.ErrorCode;

    /// <summary>True when the login may not call the function of the catalog.</summary>
    public static bool IsDenied(AmazonServiceException error) => error.ErrorCode == Code && Says(error, "not authorized to perform");

    private static bool Says(AmazonServiceException error, string text) =>
        error.Message?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

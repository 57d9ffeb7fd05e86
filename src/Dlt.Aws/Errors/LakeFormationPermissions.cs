using System.Text.RegularExpressions;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Names the grant of Lake Formation that a login lacks: no IAM policy gives it (AWS Lake Formation Developer Guide, "Lake Formation
/// permissions reference").
/// </summary>
internal static partial class LakeFormationPermissions
{
    /// <summary>True when Lake Formation, and not IAM, denies an operation.</summary>
    public static bool IsMissing(AmazonServiceException error) =>
        error.Message?.Contains("Lake Formation permission", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Advice for a refusal.</summary>
    /// <param name="error">Error of the service.</param>
    /// <param name="action">The IAM action of the operation.</param>
    /// <param name="resource">What the operation changes or reads; null if the message says so before.</param>
    public static string Hint(AmazonServiceException error, string action, string? resource) =>
        $" The login lacks {MissingIn(error.Message ?? "", action, resource)} in Lake Formation, which no IAM policy gives. Grant it there "
            + "('aws lakeformation grant-permissions'), then run again.";

    private static string MissingIn(string message, string action, string? resource)
    {
        if (Place().Match(message) is { Success: true } place) return $"DATA_LOCATION_ACCESS on {place.Value}";
        if (Required().Match(message) is { Success: true } required)
        {
            var grant = required.Groups["grant"].Value.Trim().ToUpperInvariant().Replace(' ', '_');
            return $"{grant} on '{required.Groups["resource"].Value}'";
        }

        return $"a permission for {action}{(resource is null ? "" : " on " + resource)}";
    }

    [GeneratedRegex(@"s3://[^\s()]*[^\s().,]")]
    private static partial Regex Place();

    [GeneratedRegex(@"Required (?<grant>[A-Za-z ]+?) on (?<resource>[^\s()]*[^\s().,])")]
    private static partial Regex Required();
}

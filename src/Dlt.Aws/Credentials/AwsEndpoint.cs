using Amazon;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// The URL of a service where it is not AWS's own: that of the options, the variable of the service (AWS_ENDPOINT_URL_S3),
/// AWS_ENDPOINT_URL, or that of the profile, as the SDKs of AWS know them.
/// </summary>
internal static class AwsEndpoint
{
    /// <param name="options">The options.</param>
    /// <param name="service">The service as the variable writes it: S3, GLUE, ATHENA.</param>
    /// <returns>Null for AWS's own.</returns>
    public static string? Of(AwsCredentialOptions options, string service)
    {
        if (options.EndpointUrl is { } own) return own;
        var ignores = AwsProfiles.Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        if (string.Equals(ignores, "true", StringComparison.OrdinalIgnoreCase)) return null;
        return AwsProfiles.Variable("AWS_ENDPOINT_URL_" + service) ?? AwsProfiles.Variable("AWS_ENDPOINT_URL")
            ?? AwsProfiles.Find(options)?.EndpointUrl;
    }

    /// <summary>Sends the calls of a client to the URL, or to AWS's own in the region.</summary>
    public static void Set(ClientConfig config, string? endpointUrl, RegionEndpoint region)
    {
        if (endpointUrl is null)
        {
            config.RegionEndpoint = region;
            return;
        }

        config.ServiceURL = endpointUrl;
        config.AuthenticationRegion = region.SystemName;
        config.UseHttp = endpointUrl.StartsWith("http:", StringComparison.OrdinalIgnoreCase);
    }
}

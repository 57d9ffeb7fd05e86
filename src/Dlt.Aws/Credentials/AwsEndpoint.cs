using Amazon;
using Amazon.Runtime;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// Finds the URL of a service that is not AWS's own: from the options, the variable of the service (AWS_ENDPOINT_URL_S3), AWS_ENDPOINT_URL,
/// or the profile, in this order, like the SDKs of AWS.
/// </summary>
internal static class AwsEndpoint
{
    /// <summary>The URL to call.</summary>
    /// <param name="options">The options.</param>
    /// <param name="service">The service in the spelling of the variable: S3, GLUE, ATHENA, STS, LAKEFORMATION.</param>
    /// <returns>Null for AWS's own URL.</returns>
    /// <exception cref="ConfigurationException">The text is not a URL.</exception>
    public static string? Of(AwsCredentialOptions options, string service)
    {
        if (Find(options, service) is not var (url, place)) return null;
        var isUrl = Uri.TryCreate(url, UriKind.Absolute, out var parsed);
        if (isUrl && (parsed!.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps)) return url;
        throw new ConfigurationException(
            $"'{SafeUrl.Of(url)}' is not a URL with http:// or https://. Nothing was run. Write one such as \"http://localhost:9000\": "
            + $"{place}.")
        { Fields = [options.Origin.KeyOf(nameof(AwsCredentialOptions.EndpointUrl))], File = options.Origin.File };
    }

    private static (string Url, string Place)? Find(AwsCredentialOptions options, string service)
    {
        // A store with the protocol of S3 has no STS, so its own variable wins there.
        if (service == "STS" && OfVariable("AWS_ENDPOINT_URL_STS") is { } sts) return sts;
        if (options.EndpointUrl is { } own) return (own, options.Origin.PlaceOf(nameof(AwsCredentialOptions.EndpointUrl)));
        var ignores = AwsProfiles.Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
        if (string.Equals(ignores, "true", StringComparison.OrdinalIgnoreCase)) return null;
        return OfVariable("AWS_ENDPOINT_URL_" + service) ?? OfVariable("AWS_ENDPOINT_URL") ?? OfProfile(options);
    }

    private static (string Url, string Place)? OfVariable(string name) =>
        AwsProfiles.Variable(name) is { } url ? (url, "the environment variable " + name) : null;

    private static (string Url, string Place)? OfProfile(AwsCredentialOptions options) =>
        AwsProfiles.Find(options) is { EndpointUrl: { Length: > 0 } url } profile
            ? (url, $"endpoint_url of the profile '{profile.Name}' in {AwsProfiles.Files}")
            : null;

    /// <summary>Configures a client to call the URL, or AWS's own one in the region, and to trust the options' certificates.</summary>
    /// <exception cref="ConfigurationException">The file of certificates cannot be read.</exception>
    public static void Set(ClientConfig config, string? endpointUrl, RegionEndpoint region, AwsCredentialOptions options)
    {
        if (CertificateBundle.Of(options) is { } bundle) config.HttpClientFactory = bundle;
        if (options.UsesFips is { } fips) config.UseFIPSEndpoint = fips;
        if (options.UsesDualStack is { } dualStack) config.UseDualstackEndpoint = dualStack;
        if (endpointUrl is not null && (options.UsesFips == true || options.UsesDualStack == true))
        {
            var member = options.UsesFips == true ? nameof(AwsCredentialOptions.UsesFips) : nameof(AwsCredentialOptions.UsesDualStack);
            throw new ConfigurationException(
                $"{options.Origin.KeyOf(member)} chooses an endpoint of AWS, but the endpoint is {SafeUrl.Of(endpointUrl)}. Nothing was "
                + $"run. Remove {options.Origin.PlaceOf(member)}, or the URL.")
            { Fields = [options.Origin.KeyOf(member)], File = options.Origin.File };
        }

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

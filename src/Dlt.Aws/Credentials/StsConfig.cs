using Amazon.SecurityToken;

namespace Dlt.Aws;

/// <summary>Configures clients for the AWS Security Token Service.</summary>
internal static class StsConfig
{
    /// <summary>The configuration for a login: endpoint, region and certificates.</summary>
    /// <exception cref="ConfigurationException">The file of certificates cannot be read.</exception>
    public static AmazonSecurityTokenServiceConfig Of(AwsLogin login)
    {
        var config = new AmazonSecurityTokenServiceConfig();
        AwsEndpoint.Set(config, AwsEndpoint.Of(login.Options, "STS"), login.Region, login.Options);
        return config;
    }
}

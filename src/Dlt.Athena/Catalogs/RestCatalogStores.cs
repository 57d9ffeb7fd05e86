using Dlt.Aws;

namespace Dlt.Destinations.Catalogs;

/// <summary>
/// Opens the object stores of tables behind a REST catalog, with the credentials that the server vends, else with those of the settings
/// (docs/spec/iceberg.md 9.1).
/// </summary>
internal static class RestCatalogStores
{
    /// <summary>Opens the store of a table's files.</summary>
    /// <param name="vended">Properties of the server's response, such as <c>s3.access-key-id</c>.</param>
    /// <param name="own">Credentials of the settings.</param>
    /// <param name="other">Credentials that supply the region if the first ones name none.</param>
    public static S3ObjectStore Open(IReadOnlyDictionary<string, string> vended, AwsCredentialOptions own, AwsCredentialOptions other)
    {
        var settings = own with
        {
            RegionName = vended.GetValueOrDefault("client.region") ?? vended.GetValueOrDefault("s3.region") ?? own.RegionName,
            EndpointUrl = vended.GetValueOrDefault("s3.endpoint") ?? own.EndpointUrl,
        };
        if (vended.TryGetValue("s3.access-key-id", out var key) && vended.TryGetValue("s3.secret-access-key", out var secret))
        {
            settings = settings with
            {
                AccessKeyId = key,
                SecretAccessKey = secret,
                SessionToken = vended.GetValueOrDefault("s3.session-token"),
                ProfileName = null,
            };
        }

        return S3ObjectStore.Open(settings, other);
    }
}

using Dlt.Destinations;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Stores of tables behind a REST catalog: with what the server lends, and one's own login where it lends nothing (spec/iceberg.md 9.1).
/// </summary>
internal static class RestCatalogStores
{
    public static IObjectStore Open(IReadOnlyDictionary<string, string> vended, AwsCredentialSettings own, AwsCredentialSettings other)
    {
        var settings = own with
        {
            RegionName = vended.GetValueOrDefault("client.region") ?? vended.GetValueOrDefault("s3.region") ?? own.RegionName,
            EndpointUrl = vended.GetValueOrDefault("s3.endpoint") ?? own.EndpointUrl,
        };
        if (vended.TryGetValue("s3.access-key-id", out var key) && vended.TryGetValue("s3.secret-access-key", out var secret))
            settings = settings with
            { AccessKeyId = key, SecretAccessKey = secret, SessionToken = vended.GetValueOrDefault("s3.session-token"), ProfileName = null };
        return new S3ObjectStore(AwsAccount.OpenS3(settings, other));
    }
}

using Dlt.Destinations;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// Stores of tables behind a REST catalog: with what the server lends, and one's own login where it lends nothing (spec/iceberg.md 9.1).
/// </summary>
internal static class RestCatalogStores
{
    public static IObjectStore Open(IReadOnlyDictionary<string, string> lent, AwsCredentialSettings own, AwsCredentialSettings other)
    {
        var settings = own with
        {
            RegionName = lent.GetValueOrDefault("client.region") ?? lent.GetValueOrDefault("s3.region") ?? own.RegionName,
            EndpointUrl = lent.GetValueOrDefault("s3.endpoint") ?? own.EndpointUrl,
        };
        if (lent.TryGetValue("s3.access-key-id", out var key) && lent.TryGetValue("s3.secret-access-key", out var secret))
            settings = settings with
            { AccessKeyId = key, SecretAccessKey = secret, SessionToken = lent.GetValueOrDefault("s3.session-token"), ProfileName = null };
        return new S3ObjectStore(AwsAccount.OpenS3(settings, other));
    }
}

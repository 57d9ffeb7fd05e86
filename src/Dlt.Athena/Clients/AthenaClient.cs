using Amazon;
using Amazon.Runtime;
using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>The operations of Athena that run a query and read its rows (spec/aws-apis.md 2).</summary>
internal sealed class AthenaClient(AWSCredentials credentials, RegionEndpoint region, string? endpointUrl, RetryWaits? waits = null)
    : JsonServiceClient("Athena", "athena", "AmazonAthena", credentials, region, endpointUrl, waits);

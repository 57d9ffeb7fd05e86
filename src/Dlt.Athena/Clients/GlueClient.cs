using Amazon;
using Amazon.Runtime;
using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>The operations of the Glue Data Catalog that the destination uses (spec/aws-apis.md 3.4).</summary>
internal sealed class GlueClient(AWSCredentials credentials, RegionEndpoint region, string? endpointUrl, RetryWaits? waits = null)
    : JsonServiceClient("Glue", "glue", "AWSGlue", credentials, region, endpointUrl, waits);

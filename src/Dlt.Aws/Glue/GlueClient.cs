using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>Client for the operations of the Glue Data Catalog that the destination uses (docs/spec/aws-apis.md 3.4).</summary>
internal sealed class GlueClient(AwsLogin login, RetryWaits? waits = null)
    : JsonServiceClient("Glue", "glue", "AWSGlue", login, waits);

using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>Client for the operations of Athena that run a query and read its rows (docs/spec/aws-apis.md 2).</summary>
internal sealed class AthenaClient(AwsLogin login, RetryWaits? waits = null)
    : JsonServiceClient("Athena", "athena", "AmazonAthena", login, waits);

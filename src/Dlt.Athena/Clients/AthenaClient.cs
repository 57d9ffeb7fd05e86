namespace Dlt.Aws;

/// <summary>The operations of Athena that run a query and read its rows (spec/aws-apis.md 2).</summary>
internal sealed class AthenaClient(AwsLogin login)
    : JsonServiceClient("Athena", "athena", "AmazonAthena", login);

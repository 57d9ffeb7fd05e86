using Amazon;
using Amazon.Runtime;
using Dlt.Json;

namespace Dlt.Aws;

/// <summary>The operations of Athena that run a query and read its rows (spec/aws-apis.md 2).</summary>
internal sealed class AthenaClient(AWSCredentials credentials, RegionEndpoint region, string? endpointUrl)
    : JsonServiceClient("Athena", "athena", "AmazonAthena", credentials, region, endpointUrl)
{
    /// <summary>Calls an operation; unknown members of the answer are kept.</summary>
    public async Task<JsonValue> InvokeAsync(string operation, JsonValue request, CancellationToken cancellationToken)
    {
        var body = await CallAsync(operation, JsonText.Write(request), cancellationToken).ConfigureAwait(false);
        return body.Length == 0 ? JsonValue.EmptyObject : JsonParser.Parse(body, $"the answer of Athena {operation}");
    }
}

using Amazon;
using Amazon.Runtime;
using Dlt.Json;

namespace Dlt.Aws;

/// <summary>The operations of the Glue Data Catalog that the destination uses (spec/aws-apis.md 3.4).</summary>
internal sealed class GlueClient(AWSCredentials credentials, RegionEndpoint region, string? endpointUrl)
    : JsonServiceClient("Glue", "glue", "AWSGlue", credentials, region, endpointUrl)
{
    /// <summary>Calls an operation; unknown members of the answer are kept.</summary>
    public async Task<JsonValue> InvokeAsync(string operation, JsonValue request, CancellationToken cancellationToken)
    {
        var body = await CallAsync(operation, JsonText.Write(request), cancellationToken).ConfigureAwait(false);
        return body.Length == 0 ? JsonValue.EmptyObject : JsonParser.Parse(body, $"the answer of Glue {operation}");
    }
}

using System.Runtime.CompilerServices;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>The Glue Data Catalog of AWS. Each resource of the API has a file of its own; here is what they share.</summary>
internal sealed partial class AwsGlueCatalog(GlueClient client) : IGlueCatalog
{
    private static JsonValue Lower(string name) => JsonValue.String(name.ToLowerInvariant());

    private static DateTimeOffset? Time(JsonValue? seconds) =>
        seconds is { Kind: JsonKind.Integer or JsonKind.Real } ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.AsDouble()) : null;

    /// <summary>Everything of a listing in the order of the names, which the service does not promise.</summary>
    private async IAsyncEnumerable<JsonValue> PagesAsync(
        string operation, string member, JsonValue request, string what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var found = new List<JsonValue>();
        while (await TryAsync(operation, what, request, cancellationToken).ConfigureAwait(false) is { } page)
        {
            found.AddRange(page[member]?.Items ?? []);
            if (page["NextToken"] is not { Kind: JsonKind.String } next) break;
            request = request.With("NextToken", next);
        }

        foreach (var item in found.OrderBy(i => i["Name"]!.AsString(), StringComparer.Ordinal)) yield return item;
    }

    private async Task<JsonValue?> TryAsync(string operation, string what, JsonValue request, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(operation, what, request, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    private Task<JsonValue> CallAsync(string operation, string what, JsonValue request, CancellationToken cancellationToken,
        bool isSentOnce = false) => AwsCall.RunAsync(
        client.Endpoint, $"{operation} of {what}", () => client.InvokeAsync(operation, request, isSentOnce, cancellationToken), error =>
            AwsCall.Glue(error, $"{operation} of {what}"), cancellationToken);
}

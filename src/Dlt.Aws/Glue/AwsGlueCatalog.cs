using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>The Glue Data Catalog of AWS. This file has the calls and pages; each resource of the API has its own file.</summary>
/// <param name="client">Sends requests.</param>
/// <param name="catalogId">Adds the id of the catalog to requests; null for the catalog of the login's account.</param>
internal sealed partial class AwsGlueCatalog(GlueClient client, GlueCatalogId? catalogId = null) : IGlueCatalog
{
    private static JsonValue Lower(string name) => JsonValue.String(name.ToLowerInvariant());

    /// <summary>
    /// Reads all pages of a listing and returns the items in the order of their names, which the service does not guarantee.
    /// </summary>
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

        foreach (var item in found.OrderBy(i => i.Text("Name", Call(operation, what)), StringComparer.Ordinal)) yield return item;
    }

    /// <summary>A call as errors about its response name it.</summary>
    private string Call(string operation, string what) => $"{client.Endpoint.Name} to {operation} of {what}";

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

    private async Task<JsonValue> CallAsync(
        string operation, string what, JsonValue request, CancellationToken cancellationToken, bool isSentOnce = false)
    {
        if (catalogId is not null) request = await catalogId.AddToAsync(request, cancellationToken).ConfigureAwait(false);
        var name = $"{operation} of {what}";
        return await AwsCall.RunAsync(
            client.Endpoint,
            name,
            () => client.InvokeAsync(operation, request, isSentOnce, cancellationToken),
            error => AwsCall.Glue(error, name),
            cancellationToken).ConfigureAwait(false);
    }
}

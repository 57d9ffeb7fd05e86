namespace Dlt.Aws;

/// <summary>
/// The <c>CatalogId</c> of requests to Glue and Lake Formation: that of the data catalog which queries use, so tables are made where
/// queries look for them. Athena is asked once, at the first request; never for the catalog that every account has.
/// </summary>
/// <param name="athena">Service that knows the data catalog.</param>
/// <param name="catalog">Name of the data catalog in queries.</param>
/// <remarks>Safe for concurrent use. The first requests may ask twice.</remarks>
internal sealed class GlueCatalogId(AwsAthena athena, string catalog)
{
    private volatile string? _id;

    /// <summary>Adds the id to a request.</summary>
    /// <exception cref="ConfigurationException">Glue does not serve the data catalog.</exception>
    public async ValueTask<JsonValue> AddToAsync(JsonValue request, CancellationToken cancellationToken) =>
        await IdAsync(cancellationToken).ConfigureAwait(false) is { } id ? request.With("CatalogId", JsonValue.String(id)) : request;

    /// <summary>Adds the account of the catalog, which owns its tags, to a request.</summary>
    /// <exception cref="ConfigurationException">Glue does not serve the data catalog.</exception>
    public async ValueTask<JsonValue> AddAccountToAsync(JsonValue request, CancellationToken cancellationToken) =>
        await IdAsync(cancellationToken).ConfigureAwait(false) is { } id
            ? request.With("CatalogId", JsonValue.String(id.Split(':')[0]))
            : request;

    private async ValueTask<string?> IdAsync(CancellationToken cancellationToken)
    {
        if (DataCatalog.IsDefault(catalog)) return null;
        return _id ??= await FindAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> FindAsync(CancellationToken cancellationToken)
    {
        var found = await athena.GetDataCatalogAsync(catalog, cancellationToken).ConfigureAwait(false);
        if (found is { Type: "GLUE", CatalogId: { } id }) return id;
        var kind = found.Type == "GLUE" ? "names no catalog-id" : $"is of type {found.Type}";
        throw new ConfigurationException(
            $"The data catalog '{catalog}' of Athena {kind}, and tables can only be made in catalogs of type GLUE that name one. Nothing "
            + "was written. Name a catalog of type GLUE in aws_data_catalog, such as awsdatacatalog; 'aws athena list-data-catalogs' lists "
            + "them.")
        { Fields = ["aws_data_catalog"] };
    }
}

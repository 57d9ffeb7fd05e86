namespace Dlt.Aws;

/// <summary>
/// The <c>CatalogId</c> of requests to Glue and Lake Formation: that of the data catalog which queries use, so tables are made where
/// queries look for them.
/// </summary>
/// <param name="catalog">The data catalog.</param>
internal sealed class GlueCatalogId(DataCatalogLookup catalog)
{
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
        var found = await catalog.FindAsync(cancellationToken).ConfigureAwait(false);
        if (found is null or { Type: "GLUE", CatalogId: not null }) return found?.CatalogId;
        var kind = found.Type == "GLUE" ? "names no catalog-id" : $"is of type {found.Type}";
        throw new ConfigurationException(
            $"The data catalog '{catalog.Name}' of Athena {kind}, and Glue serves only catalogs of type GLUE that name one. Nothing was "
            + "written. Name a catalog of type GLUE in aws_data_catalog, such as awsdatacatalog, or one of type HIVE or LAMBDA, whose "
            + "tables are read by Athena; 'aws athena list-data-catalogs' lists them.")
        { Fields = ["aws_data_catalog"] };
    }
}

namespace Dlt.Aws;

/// <summary>Looks whether Glue serves the data catalog that queries use.</summary>
internal sealed class DataCatalogCheck() : DoctorCheck("data catalog")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.Account.Catalog;
        if (DataCatalog.IsDefault(name)) return Ok($"{name}, that of the account");
        var found = await context.Account.Queries.GetDataCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        return found is { Type: "GLUE", CatalogId: { } id }
            ? Ok($"{name}, which is the Glue catalog {id}")
            : Failed($"{name} is of type {found.Type}, and tables can only be made in catalogs of type GLUE. Name another one in "
                + "aws_data_catalog; 'aws athena list-data-catalogs' lists them.");
    }
}

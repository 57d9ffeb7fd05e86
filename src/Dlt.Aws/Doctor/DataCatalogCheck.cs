namespace Dlt.Aws;

/// <summary>Looks whether loads can work in the data catalog that queries use.</summary>
internal sealed class DataCatalogCheck() : DoctorCheck("data catalog")
{
    protected override async Task<CheckResult> CheckAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var name = context.Options.Account.Catalog;
        if (DataCatalog.IsDefault(name)) return Ok($"{name}, that of the account");
        var found = await context.Account.Queries.GetDataCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        return found switch
        {
            { Type: "GLUE", CatalogId: { } id } => Ok($"{name}, which is the Glue catalog {id}"),
            { IsForeign: true } when context.Options.UsesStatements =>
                Ok($"{name} of type {found.Type}, which is served by {string.Join(" and ", found.Functions)}"),
            { IsForeign: true } => Failed($"{name} is of type {found.Type}: only statements of Athena make and change its tables. Set "
                + "ddl = \"athena\" in [destination.athena]."),
            _ => Failed($"{name} is of type {found.Type}, and tables can only be made in catalogs of type GLUE, HIVE and LAMBDA. Name "
                + "another one in aws_data_catalog; 'aws athena list-data-catalogs' lists them."),
        };
    }
}

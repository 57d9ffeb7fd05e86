namespace Dlt.Aws;

/// <summary>
/// Statements of a policy for a data catalog that Glue does not serve: Athena's metadata calls on the catalog, and the functions of Lambda
/// behind it, which the service calls with the rights of the login (Amazon Athena User Guide, "Allow access to the Athena Data Connector
/// for External Hive Metastore"; AWS, "Service Authorization Reference").
/// </summary>
internal static class ForeignCatalogPolicy
{
    private static readonly string[] MetadataActions =
    [
        "athena:GetDataCatalog", "athena:GetDatabase", "athena:GetTableMetadata", "athena:ListTableMetadata",
    ];

    /// <summary>Finds the data catalog of an account, if Glue does not serve it; null as well if the login may not read it.</summary>
    public static async Task<DataCatalog?> FindAsync(AwsAccountOptions options, CancellationToken cancellationToken)
    {
        if (DataCatalog.IsDefault(options.Catalog)) return null;
        try
        {
            var account = AwsAccount.Open(options);
            await using (account.ConfigureAwait(false))
            {
                var found = await account.CatalogLookup.FindAsync(cancellationToken).ConfigureAwait(false);
                return found is { IsForeign: true } ? found : null;
            }
        }
        catch (DltException error) when (error is not ConfigurationException)
        {
            return null;   // the policy is that of a catalog of type GLUE, and names the right to read the catalog
        }
    }

    /// <summary>Adds the statements.</summary>
    public static void Add(PolicyDocuments policy, AwsCredentialOptions login, PolicyArns arns, DataCatalog catalog)
    {
        policy.Allow(login, "Catalog", MetadataActions, arns.DataCatalog(catalog.Name));
        if (!catalog.Functions.IsEmpty) policy.Allow(login, "Functions", ["lambda:InvokeFunction"], catalog.Functions);
        policy.Allow(login, "Orphans", ["athena:ListDatabases"], arns.DataCatalog(catalog.Name));
    }
}

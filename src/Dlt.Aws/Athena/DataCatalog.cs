namespace Dlt.Aws;

/// <summary>A data catalog that is registered in Athena (docs/spec/aws-apis.md 2.2, GetDataCatalog).</summary>
/// <param name="Name">Name in queries.</param>
/// <param name="Type">Kind of the catalog: <c>GLUE</c>, <c>LAMBDA</c>, <c>HIVE</c> or <c>FEDERATED</c>.</param>
/// <param name="CatalogId">Account, or catalog in it, whose Data Catalog holds the tables; null if the type is not <c>GLUE</c>.</param>
internal sealed record DataCatalog(string Name, string Type, string? CatalogId)
{
    /// <summary>Name of the catalog of every account, in lower case. It needs no registration and no id.</summary>
    public const string Default = "awsdatacatalog";

    /// <summary>True for the name of the catalog that every account has.</summary>
    public static bool IsDefault(string name) => name.Equals(Default, StringComparison.OrdinalIgnoreCase);
}

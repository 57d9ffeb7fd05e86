using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>ARNs of one account in one region (AWS, "Service Authorization Reference").</summary>
/// <param name="Partition">Partition of AWS, such as <c>aws</c>.</param>
/// <param name="Region">The region.</param>
/// <param name="Account">Id of the account; <c>*</c> for any.</param>
internal sealed record PolicyArns(string Partition, string Region, string Account)
{
    /// <summary>Account of the tables in Glue, which may be another one; <c>*</c> for any.</summary>
    public string CatalogAccount { get; init; } = Account;

    public string Catalog => Glue("catalog");

    public string Bucket(string bucket) => $"arn:{Partition}:s3:::{bucket}";

    public string Objects(ObjectLocation folder) => $"{Bucket(folder.Bucket)}/{(folder.Key.Length == 0 ? "" : folder.Key + "/")}*";

    public string Database(string name) => Glue("database/" + name);

    public string Tables(string database) => Glue($"table/{database}/*");

    public string WorkGroup(string name) => $"arn:{Partition}:athena:{Region}:{Account}:workgroup/{name}";

    public string DataCatalog(string name) => $"arn:{Partition}:athena:{Region}:{Account}:datacatalog/{name}";

    /// <summary>The key of an id or ARN; all keys of the account for an alias, which policies cannot name.</summary>
    public string Key(string key) => key switch
    {
        _ when key.StartsWith("arn:", StringComparison.Ordinal) && !key.Contains(":alias/", StringComparison.Ordinal) => key,
        _ when key.Contains("alias/", StringComparison.Ordinal) => $"arn:{Partition}:kms:{Region}:{Account}:key/*",
        _ => $"arn:{Partition}:kms:{Region}:{Account}:key/{key}",
    };

    private string Glue(string resource) => $"arn:{Partition}:glue:{Region}:{CatalogAccount}:{resource}";
}

using System.ComponentModel;
using Dlt.Aws;
using Dlt.Storage;

namespace Dlt.Internal;

/// <summary>
/// The least IAM policy that loads and queries need, as JSON (AWS IAM User Guide, "IAM JSON policy reference"; AWS, "Service Authorization
/// Reference"). Statements of queries are apart, because loads run none, unless Athena makes their tables. Those of
/// <c>dlt maintain orphans</c> are apart too: it reads the whole catalog.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AwsPolicy
{
    private static readonly string[] ObjectActions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];

    private static readonly string[] CatalogActions =
    [
        "glue:GetDatabase", "glue:CreateDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable",
        "glue:DeleteTable",
    ];

    private static readonly string[] PartitionActions =
    [
        "glue:GetPartitions", "glue:BatchGetPartition", "glue:BatchCreatePartition", "glue:BatchUpdatePartition",
        "glue:BatchDeletePartition",
    ];

    private static readonly string[] QueryActions =
    [
        "athena:StartQueryExecution", "athena:GetQueryExecution", "athena:BatchGetQueryExecution", "athena:GetQueryResults",
        "athena:StopQueryExecution", "athena:GetWorkGroup",
    ];

    private static readonly string[] ResultActions =
        ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

    private static readonly string[] OrphanActions = ["glue:GetDatabases", "glue:GetTables", "glue:GetPartitions"];

    private static readonly string[] TagActions =
    [
        "lakeformation:GetResourceLFTags", "lakeformation:GetLFTag", "lakeformation:AddLFTagsToResource",
        "lakeformation:RemoveLFTagsFromResource",
    ];

    /// <summary>The policy as a JSON document, with the account and the partition of the login.</summary>
    /// <param name="options">Locations and databases.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="ConfigurationException">The login does not work, or the region is missing or unknown.</exception>
    /// <remarks>Asks STS for the account. Where STS is not reached, the policy names any account.</remarks>
    public static async Task<JsonValue> CreateAsync(AwsPolicyOptions options, CancellationToken cancellationToken = default)
    {
        var login = AwsLogin.Resolve(options.Account.Credentials, options.Account.StorageCredentials);
        var account = "*";
        try
        {
            account = (await CallerIdentity.GetAsync(login, RetryWaits.Silent, cancellationToken).ConfigureAwait(false)).Who.Account;
        }
        catch (DltException error) when (error is not ConfigurationException)
        {
            // The policy is as good without the number, only wider.
        }

        return Of(options, new(login.Region.PartitionName, login.Region.SystemName, account));
    }

    private static JsonValue Of(AwsPolicyOptions options, Arns arns)
    {
        var account = options.Account;
        var data = ObjectLocation.Parse(account.BucketUrl.TrimEnd('/'));
        string[] databases = options.Databases.IsEmpty ? ["*"] : [.. options.Databases];
        string[] tables = [arns.Catalog, .. databases.Select(arns.Database), .. databases.Select(arns.Tables)];
        var statements = new List<JsonValue>
        {
            // Not limited to the folder: without ListBucket on the whole bucket, S3 answers 403 instead of 404 for a missing object.
            Statement("Bucket", ["s3:ListBucket"], [arns.Bucket(data.Bucket)]),
            Statement("Data", [.. ObjectActions, .. MoreObjectActions(account.Storage)], [arns.Objects(data)]),
            Statement("Tables", CatalogActions, tables),
        };
        if (options.HasListedPartitions) statements.Add(Statement("Partitions", PartitionActions, tables));
        if (account.Storage.KmsKeyId is { } key)
            statements.Add(Statement("Key", ["kms:GenerateDataKey", "kms:Decrypt"], [arns.Key(key)]));
        if (options.HasLakeFormationTags) statements.Add(Statement("Tags", TagActions, ["*"]));
        statements.Add(Statement("Queries", QueryActions, [arns.WorkGroup(account.WorkGroup ?? WorkGroup.Default)]));
        statements.Add(Statement("QueriedTables", ["glue:GetPartitions"], tables));
        statements.Add(Statement("QueriedBucket", ["s3:GetBucketLocation"], [arns.Bucket(data.Bucket)]));
        if (!DataCatalog.IsDefault(account.Catalog))
            statements.Add(Statement("Catalog", ["athena:GetDataCatalog"], [arns.DataCatalog(account.Catalog)]));
        if (account.QueryResultBucket is { Length: > 0 } place)
        {
            var results = ObjectLocation.Parse(place.TrimEnd('/'));
            statements.Add(Statement("ResultBucket", ["s3:GetBucketLocation", "s3:ListBucket"], [arns.Bucket(results.Bucket)]));
            statements.Add(Statement("Results", ResultActions, [arns.Objects(results)]));
        }

        statements.Add(Statement("Orphans", OrphanActions, [arns.Catalog, arns.Database("*"), arns.Tables("*")]));
        statements.Add(Statement("OrphanUploads", ["s3:ListBucketMultipartUploads"], [arns.Bucket(data.Bucket)]));
        return JsonValue.Object(("Version", JsonValue.String("2012-10-17")), ("Statement", JsonValue.Array([.. statements])));
    }

    /// <summary>Actions that attributes of objects need.</summary>
    private static IEnumerable<string> MoreObjectActions(S3Options storage)
    {
        if (storage.Acl is not null) yield return "s3:PutObjectAcl";
        if (storage.Tagging is not null) yield return "s3:PutObjectTagging";
    }

    private static JsonValue Statement(string id, string[] actions, string[] resources) => JsonValue.Object(
        ("Sid", JsonValue.String(id)),
        ("Effect", JsonValue.String("Allow")),
        ("Action", Texts(actions)),
        ("Resource", Texts(resources)));

    private static JsonValue Texts(string[] texts) => JsonValue.Array([.. texts.Select(JsonValue.String)]);

    /// <summary>ARNs of one account in one region.</summary>
    private sealed record Arns(string Partition, string Region, string Account)
    {
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

        private string Glue(string resource) => $"arn:{Partition}:glue:{Region}:{Account}:{resource}";
    }
}

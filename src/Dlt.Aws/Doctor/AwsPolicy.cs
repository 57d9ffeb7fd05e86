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
    private static readonly string[] WriteActions = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"];

    private static readonly string[] KeyActions = ["kms:GenerateDataKey", "kms:Decrypt"];

    private static readonly string[] CatalogActions = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables"];

    private static readonly string[] TableActions = ["glue:CreateDatabase", "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"];

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
    /// <returns>
    /// The document. Where S3 has another login than Glue and Athena, or a role is assumed: an object with the document of each login by
    /// its name (the ARN of the role, the access key id, the profile, or <c>default chain</c>).
    /// </returns>
    /// <exception cref="ConfigurationException">The login does not work, or the region is missing or unknown.</exception>
    /// <remarks>
    /// Asks STS for the account, unless the name of a role has it, and Athena for the workgroup. Where STS is not reached, the policy names
    /// any account.
    /// </remarks>
    public static async Task<JsonValue> CreateAsync(AwsPolicyOptions options, CancellationToken cancellationToken = default)
    {
        var login = AwsLogin.Resolve(SourceOf(options.Account.Credentials), options.Account.StorageCredentials);
        var account = "*";
        try
        {
            account = options.Account.Credentials.RoleArn?.Split(':') is [_, _, _, _, { Length: > 0 } own, ..]
                ? own
                : (await CallerIdentity.GetAsync(login, RetryWaits.Silent, cancellationToken).ConfigureAwait(false)).Who.Account;
        }
        catch (DltException error) when (error is not ConfigurationException)
        {
            // The policy is as good without the number, only wider.
        }

        var arns = new PolicyArns(login.Region.PartitionName, login.Region.SystemName, account);
        var foreign = await ForeignCatalogPolicy.FindAsync(options.Account, cancellationToken).ConfigureAwait(false);
        var results = await ResultPlace.FindAsync(options.Account, cancellationToken).ConfigureAwait(false);
        // The data catalog may be that of another account.
        return Of(options, DataCatalog.IsDefault(options.Account.Catalog) ? arns : arns with { CatalogAccount = "*" }, foreign, results);
    }

    private static JsonValue Of(AwsPolicyOptions options, PolicyArns arns, DataCatalog? foreign, ObjectLocation? results)
    {
        var policy = new PolicyDocuments();
        var databases = options.Databases.IsEmpty ? ["*"] : options.Databases;
        string[] tables = [arns.Catalog, .. databases.Select(arns.Database), .. databases.Select(arns.Tables)];
        var roles = new[] { StorageOf(options.Account), options.Account.Credentials }.Where(l => l.RoleArn is not null);
        foreach (var source in roles.DistinctBy(l => l.RoleArn).GroupBy(l => SourceOf(l).LoginName))
            policy.Allow(SourceOf(source.First()), "Role", ["sts:AssumeRole"], source.Select(l => l.RoleArn!));
        AddFiles(policy, options, arns);
        if (foreign is null) AddTables(policy, options, arns, tables);
        else ForeignCatalogPolicy.Add(policy, options.Account.Credentials, arns, foreign);
        // In other catalogs statements make external tables only, which writes no file.
        AddQueries(policy, foreign is null ? options : options with { WritesByStatements = false }, arns);
        AddResults(policy, options, arns, results);
        policy.Allow(
            StorageOf(options.Account), "OrphanUploads", ["s3:ListBucketMultipartUploads"], arns.Bucket(DataOf(options.Account).Bucket));
        return policy.Write();
    }

    private static void AddFiles(PolicyDocuments policy, AwsPolicyOptions options, PolicyArns arns)
    {
        var (account, login) = (options.Account, StorageOf(options.Account));
        // Not limited to the folder: without ListBucket on the whole bucket, S3 answers 403 instead of 404 for a missing object.
        policy.Allow(login, "Bucket", ["s3:ListBucket"], arns.Bucket(DataOf(account).Bucket));
        policy.Allow(
            login, "Data", options.IsReadOnly ? ["s3:GetObject"] : ["s3:GetObject", .. WriteActions, .. MoreObjectActions(account.Storage)],
            FoldersOf(options).Select(arns.Objects));
        if (account.Storage.KmsKeyId is { } key)
            policy.Allow(login, "Key", options.IsReadOnly ? ["kms:Decrypt"] : KeyActions, KeyOf(account, arns, key));
    }

    private static void AddTables(PolicyDocuments policy, AwsPolicyOptions options, PolicyArns arns, string[] tables)
    {
        var login = options.Account.Credentials;
        policy.Allow(login, "Tables", options.IsReadOnly ? CatalogActions : [.. CatalogActions, .. TableActions], tables);
        if (options.HasListedPartitions && !options.IsReadOnly) policy.Allow(login, "Partitions", PartitionActions, tables);
        if (!options.IsReadOnly) policy.Allow(login, "Versions", ["glue:GetTableVersions", "glue:BatchDeleteTableVersion"], tables);
        if (options.HasLakeFormationTags && !options.IsReadOnly) policy.Allow(login, "Tags", TagActions, "*");
        policy.Allow(login, "QueriedTables", ["glue:GetPartitions"], tables);
        policy.Allow(login, "Orphans", OrphanActions, arns.Catalog, arns.Database("*"), arns.Tables("*"));
        var catalog = options.Account.Catalog;
        if (!DataCatalog.IsDefault(catalog)) policy.Allow(login, "Catalog", ["athena:GetDataCatalog"], arns.DataCatalog(catalog));
    }

    private static void AddQueries(PolicyDocuments policy, AwsPolicyOptions options, PolicyArns arns)
    {
        var (account, login) = (options.Account, options.Account.Credentials);
        var bucket = arns.Bucket(DataOf(account).Bucket);
        policy.Allow(login, "Queries", QueryActions, arns.WorkGroup(account.WorkGroup ?? WorkGroup.Default));
        if (StorageOf(account).LoginName == login.LoginName)
        {
            policy.Allow(login, "QueriedBucket", ["s3:GetBucketLocation"], bucket);
            return;
        }

        // Athena reads and writes the files with the rights of its caller.
        var writes = options.WritesByStatements && !options.IsReadOnly;
        policy.Allow(login, "QueriedBucket", ["s3:GetBucketLocation", "s3:ListBucket"], bucket);
        policy.Allow(
            login, "QueriedData", writes ? ["s3:GetObject", .. WriteActions] : ["s3:GetObject"], FoldersOf(options).Select(arns.Objects));
        if (account.Storage.KmsKeyId is { } key)
            policy.Allow(login, "QueriedKey", writes ? KeyActions : ["kms:Decrypt"], KeyOf(account, arns, key));
    }

    private static void AddResults(PolicyDocuments policy, AwsPolicyOptions options, PolicyArns arns, ObjectLocation? results)
    {
        var (account, login) = (options.Account, options.Account.Credentials);
        if (account.Queries.ResultKmsKey is { } key) policy.Allow(login, "ResultKey", KeyActions, arns.Key(key));
        if (results is null) return;
        policy.Allow(login, "ResultBucket", ["s3:GetBucketLocation", "s3:ListBucket"], arns.Bucket(results.Bucket));
        policy.Allow(
            login, "Results", account.Queries.ResultAcl is null ? ResultActions : [.. ResultActions, "s3:PutObjectAcl"],
            arns.Objects(results));
        if (!options.MakesHelperTables || options.IsReadOnly) return;
        var files = StorageOf(account);
        if (files.LoginName != login.LoginName) policy.Allow(files, "HelperBucket", ["s3:ListBucket"], arns.Bucket(results.Bucket));
        policy.Allow(files, "HelperTables", ["s3:DeleteObject"], arns.Objects(results));
    }

    private static AwsCredentialOptions StorageOf(AwsAccountOptions account) => account.StorageCredentials ?? account.Credentials;

    /// <summary>The login that assumes the role of another one; the login itself when it assumes none.</summary>
    private static AwsCredentialOptions SourceOf(AwsCredentialOptions login) =>
        login with { RoleArn = null, ExternalId = null, RoleSessionName = null };

    private static ObjectLocation DataOf(AwsAccountOptions account) => ObjectLocation.Parse(account.BucketUrl.TrimEnd('/'));

    private static IEnumerable<ObjectLocation> FoldersOf(AwsPolicyOptions options) => options.Folders.IsEmpty
        ? [DataOf(options.Account)]
        : options.Folders.Select(f => ObjectLocation.Parse(f.TrimEnd('/')));

    /// <summary>The key of the files, which belongs to the account of their login.</summary>
    private static string KeyOf(AwsAccountOptions account, PolicyArns arns, string key) =>
        (StorageOf(account).LoginName == account.Credentials.LoginName ? arns : arns with { Region = "*", Account = "*" }).Key(key);

    /// <summary>Actions that attributes of objects need.</summary>
    private static IEnumerable<string> MoreObjectActions(S3Options storage)
    {
        if (storage.Acl is not null) yield return "s3:PutObjectAcl";
        if (storage.Tagging is not null) yield return "s3:PutObjectTagging";
    }
}

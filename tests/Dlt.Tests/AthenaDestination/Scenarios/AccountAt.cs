using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>The local account with another bucket URL.</summary>
internal sealed class AccountAt(LocalAthena account, string bucketUrl) : LakeAccount
{
    public override IObjectStore Objects => account.Objects;

    public override IGlueCatalog Glue => account.Glue;

    public override IAthena Athena => account.Athena;

    public override string BucketUrl => bucketUrl;

    public override string QueryResultBucket => account.QueryResultBucket;

    public override string PipelinesFolder => account.PipelinesFolder;
}

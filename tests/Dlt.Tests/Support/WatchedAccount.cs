using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Tests.Support;

/// <summary>An account that counts the queries of its Athena.</summary>
internal sealed class WatchedAccount(LocalAthena account) : LakeAccount
{
    public int Queries { get; private set; }

    public override IObjectStore Objects => account.Objects;

    public override IGlueCatalog Glue => account.Glue;

    public override IAthena Athena => Steps.Intercept(account.Athena, (method, call) =>
    {
        if (method == nameof(IAthena.StartAsync)) Queries++;
        return call();
    });

    public override string BucketUrl => account.BucketUrl;

    public override string QueryResultBucket => account.QueryResultBucket;

    public override string PipelinesFolder => account.PipelinesFolder;
}

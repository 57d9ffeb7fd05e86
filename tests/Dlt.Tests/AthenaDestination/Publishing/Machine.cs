using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Another machine with the same account, separate working folders, and services that a test can intercept.</summary>
internal sealed class Machine(
    LocalAthena account, string? pipelines = null, IGlueCatalog? glue = null, IObjectStore? objects = null, IAthena? athena = null)
    : LakeAccount
{
    public override IObjectStore Objects { get; } = objects ?? account.Objects;

    public override IGlueCatalog Glue { get; } = glue ?? account.Glue;

    public override IAthena Athena { get; } = athena ?? account.Athena;

    public override string BucketUrl => account.BucketUrl;

    public override string QueryResultBucket => account.QueryResultBucket;

    public override string PipelinesFolder => pipelines ?? account.PipelinesFolder!;

    public Task<LoadInfo> RunAsync(
        Resource resource, string name = "pipe", List<string>? warnings = null, Func<string>? loadIds = null, RefreshMode? refresh = null,
            params (string, string)[] settings) =>
        Pipeline(name, warnings, loadIds, refresh, settings).RunAsync(resource, TestContext.Current.CancellationToken);

    public Pipeline Pipeline(
        string name = "pipe", List<string>? warnings = null, Func<string>? loadIds = null, RefreshMode? refresh = null,
            params (string, string)[] settings) =>
        Dlt.Pipeline.Create(name, Dlt.Athena.Destination(this), "ds", new()
        {
            Configuration = Some.Configuration(account.Folder, settings),
            LoadIds = loadIds,
            Refresh = refresh,
            Warn = text =>
            {
                if (warnings is not null) lock (warnings) warnings.Add(text);
            },
        });

    /// <summary>Returns the values of a query with one column, joined by commas.</summary>
    public static async Task<string> ValuesAsync(LocalAthena account, string sql) =>
        string.Join(",", (await Some.QueryAsync(account, sql)).Rows.Select(r => Assert.Single(r) ?? "NULL"));

    /// <summary>Returns the keys of a folder in the account's bucket.</summary>
    public static async Task<List<string>> KeysAsync(LocalAthena account, string prefix) =>
        await account.Objects.ListAsync("lake", prefix, TestContext.Current.CancellationToken).Select(o => o.Location.Key)
            .ToListAsync(TestContext.Current.CancellationToken);

    public static int Pending(LocalAthena account, string pipeline = "pipe")
    {
        var folder = Path.Combine(account.PipelinesFolder!, pipeline, "load", "normalized");
        return Directory.Exists(folder) ? Directory.GetDirectories(folder).Length : 0;
    }
}

using Dlt.Configuration;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Catalogs;

/// <summary>
/// An AWS account over HTTP whose data catalog <c>hms</c> is a Hive metastore: Athena answers metadata calls and runs statements, S3 has
/// the objects, and Glue is not asked.
/// </summary>
internal sealed class HiveCatalogWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Lazy<AccountServer> _server;

    public HiveCatalogWorld(string type = "HIVE", bool isLastDone = false)
    {
        Account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(Account.Folder, "s3", "lake"));   // a bucket
        Athena = new(Account) { Type = type };
        _server = new(() => new(Account) { Athena = Athena, IsLastDone = isLastDone, Weather = Weather });
    }

    /// <summary>The account behind the services, which shows what they hold.</summary>
    public LocalAthena Account { get; }

    public HiveCatalogAnswers Athena { get; }

    public AccountServer Server => _server.Value;

    /// <summary>Spoils calls; null for fine weather.</summary>
    public Weather? Weather { get; init; }

    public List<string> Warnings { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The settings that the catalog needs.</summary>
    public AthenaOptions Options => new()
    {
        Credentials = Server.LoginOf(),
        StorageCredentials = Server.LoginOf(),
        Catalog = HiveCatalogAnswers.Name,
        Ddl = "athena",
    };

    public DltConfiguration Configuration => Some.Configuration(_folder.Path, Server.Settings);

    /// <summary>Opens a pipeline.</summary>
    /// <param name="options">Settings; null for <see cref="Options"/>.</param>
    /// <param name="name">Name of the pipeline.</param>
    /// <param name="machine">The machine, which has working folders of its own.</param>
    /// <param name="refresh">What the run drops first.</param>
    /// <param name="time">The clock; null for one without waits.</param>
    public Pipeline Pipeline(
        AthenaOptions? options = null, string name = "pipe", string machine = "one", RefreshMode? refresh = null,
        TimeProvider? time = null) =>
        Dlt.Pipeline.Create(name, Dlt.Athena.Destination(options: options ?? Options), "ds", new()
        {
            Configuration = Configuration,
            PipelinesFolder = _folder.File(machine),
            Refresh = refresh,
            Warn = Warnings.Add,
            Time = time ?? new NoWaits(),
        });

    public Task<LoadInfo> RunAsync(params Resource[] resources) => Pipeline().RunAsync(resources, Cancellation);

    public Task<string> ValuesAsync(string sql) => Machine.ValuesAsync(Account, sql);

    public Task<List<string>> KeysAsync(string prefix) => Machine.KeysAsync(Account, prefix);

    public async Task<GlueTable> TableAsync(string name) => (await Account.Glue.GetTableAsync("ds", name, Cancellation))!;

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}

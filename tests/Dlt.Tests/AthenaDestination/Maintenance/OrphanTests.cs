using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>What dead loads leave is found and removed; what loads under way need stays.</summary>
public sealed class OrphanTests : AccountTests
{
    [Fact]
    public async Task A_dataset_of_complete_loads_has_none()
    {
        for (var id = 1; id < 4; id++) await LoadAsync();
        Assert.Empty(await Open().FindOrphansAsync("ds", Cancellation));
    }

    [Fact]
    public async Task Files_without_a_load_are_found_and_removed_when_they_are_old_enough()
    {
        var load = (await LoadAsync()).Packages.Single().LoadId;
        await LoadAsync();
        string[] left =
        [
            "ds/commits/data/left.parquet", "ds/commits/metadata/left-m0.avro", $"ds/files/{Later(load)}.abc.parquet",
        ];
        foreach (var key in left) await Account.Objects.PutAsync(new("lake", key), "x"u8.ToArray(), cancellationToken: Cancellation);
        await Account.Objects.PutAsync(new("lake", "ds/files/of-somebody.parquet"), "x"u8.ToArray(), cancellationToken: Cancellation);
        var found = await Open().FindOrphansAsync("ds", Cancellation);
        Assert.Equal(left.Select(k => $"s3://lake/{k}"), found.Select(o => o.Location));
        Assert.All(found, o => Assert.True(o.IsDead));
        Assert.Empty(await Open().RemoveAsync(found, TimeSpan.FromHours(1), Cancellation));
        Assert.Equal(3, (await Open().RemoveAsync(found, TimeSpan.Zero, Cancellation)).Count);
        Assert.Empty(await Open().FindOrphansAsync("ds", Cancellation));
        Assert.Contains("ds/files/of-somebody.parquet", await Machine.KeysAsync(Account, "ds/files/"));
    }

    [Fact]
    public async Task Files_of_a_load_that_may_go_on_stay()
    {
        await LoadAsync();
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var isData = given.OfType<ObjectLocation>().FirstOrDefault()?.Key.Contains("/files/", StringComparison.Ordinal) == true;
            if (method != nameof(IObjectStore.UploadAsync) || !isData) return call();
            ((Task)call()!).GetAwaiter().GetResult();
            throw new Steps.EndedException();
        });
        await Assert.ThrowsAnyAsync<Exception>(() => new Machine(Account, objects: objects).Pipeline().RunAsync(Rows(), Cancellation));
        var found = await Open().FindOrphansAsync("ds", Cancellation);
        Assert.Contains(found, o => o is { Kind: OrphanKind.Incomplete, IsDead: false });
        Assert.Contains(found, o => o is { Kind: OrphanKind.PublishObject, IsDead: false });
        Assert.Empty(await Open().RemoveAsync(found, TimeSpan.Zero, Cancellation));
        await Some.Pipeline(Account).LoadPendingAsync(Cancellation);
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM files"));

        var muchLater = Open(new LaterClock(TimeSpan.FromDays(31)));
        Assert.Empty(await muchLater.FindOrphansAsync("ds", Cancellation));
    }

    [Fact]
    public async Task Files_of_a_commit_that_is_being_made_stay()
    {
        await LoadAsync();
        var maintenance = Open();
        IReadOnlyList<OrphanFile> found = [];
        IReadOnlyList<OrphanFile> removed = [];
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
        {
            if (method == nameof(IGlueCatalog.UpdateTableAsync) && given.OfType<GlueTableInput>().First().Name == "commits")
            {
                found = maintenance.FindOrphansAsync("ds", Cancellation).GetAwaiter().GetResult();
                removed = maintenance.RemoveAsync(found, TimeSpan.Zero, Cancellation).GetAwaiter().GetResult();
            }

            return call();
        });
        await new Machine(Account, Folder.File("own"), glue: glue).Pipeline().RunAsync(Rows(), Cancellation);
        Assert.Contains(found, o => o.Location.EndsWith(".metadata.json", StringComparison.Ordinal));
        Assert.Empty(removed);
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));
    }

    private static string Later(string loadId) => loadId.Split('.')[0] + ".9999999";

    private static Resource[] Rows() => [Some.Resource("files", """{"id":1}"""), Some.Resource("commits", Iceberg, """{"id":1}""")];

    private AthenaMaintenance Open(TimeProvider? time = null) =>
        AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path), time: time);

    private Task<LoadInfo> LoadAsync() => Some.Pipeline(Account).RunAsync(Rows(), Cancellation);

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}

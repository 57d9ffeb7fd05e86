using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Staging;

/// <summary>Loads, the search for orphans and a drop find the files of tables with the layout of object stores.</summary>
public sealed class ObjectStorageLayoutTests : AccountTests
{
    private const string Left = "ds/commits/data/0000/1111/0000/11110000/left.parquet";

    [Theory]
    [InlineData("true", "/data/[01]{4}/[01]{4}/[01]{4}/[01]{8}/[^/]+[.]parquet$")]
    [InlineData("false", "/data/[01]{4}/[01]{4}/[01]{4}/[01]{8}-[^/]+[.]parquet$")]
    public async Task Files_of_loads_are_in_hash_folders_and_only_unused_ones_are_orphans(string paths, string form)
    {
        await LoadAsync(paths);
        await LoadAsync(paths);
        var live = await DataKeysAsync();
        Assert.Equal(2, live.Count);
        Assert.All(live, key => Assert.Matches(form, key));
        await FailingLoadAsync(paths);
        await Account.Objects.PutAsync(new("lake", Left), "x"u8.ToArray(), cancellationToken: Cancellation);
        Assert.Equal(4, (await DataKeysAsync()).Count);

        await using var maintenance =
            AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path), time: new LaterClock(TimeSpan.FromDays(31)));
        var orphans = await maintenance.FindOrphansAsync("ds", Cancellation);
        await maintenance.RemoveAsync(orphans, TimeSpan.Zero, Cancellation);
        Assert.Equal(live, await DataKeysAsync());
        Assert.Equal("2", await Some.ValueAsync(Account, "SELECT count(*) FROM commits"));

        await maintenance.DropAsync(await maintenance.FindAsync("ds", Cancellation), cancellationToken: Cancellation);
        Assert.Empty(await Machine.KeysAsync(Account, "ds/"));
    }

    private static Resource Rows(string paths) => Some.Resource(
        "commits",
        Iceberg with
        {
            Additional =
            [
                new("x-athena-table-properties", JsonValue.Object(
                    ("write.object-storage.enabled", JsonValue.String("true")),
                    ("write.object-storage.partitioned-paths", JsonValue.String(paths)))),
            ],
        },
        """{"id":1}""");

    private Task<LoadInfo> LoadAsync(string paths) => Some.Pipeline(Account).RunAsync(Rows(paths), Cancellation);

    /// <summary>A load that ends after its data file was uploaded, and never goes on.</summary>
    private async Task FailingLoadAsync(string paths)
    {
        var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
        {
            var isData = given.OfType<ObjectLocation>().FirstOrDefault()?.Key.Contains("/commits/data/", StringComparison.Ordinal) == true;
            if (method != nameof(IObjectStore.UploadAsync) || !isData) return call();
            ((Task)call()!).GetAwaiter().GetResult();
            throw new Steps.EndedException();
        });
        await Assert.ThrowsAnyAsync<Exception>(
            () => new Machine(Account, Folder.File("own"), objects: objects).Pipeline().RunAsync(Rows(paths), Cancellation));
    }

    private async Task<List<string>> DataKeysAsync() => [.. (await Machine.KeysAsync(Account, "ds/commits/data/")).Order()];

    private sealed class LaterClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}

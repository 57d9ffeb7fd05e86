using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>The bucket is checked before the source is read and before the catalog is changed.</summary>
public sealed class BucketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_misspelt_bucket_makes_nothing_and_the_corrected_one_is_loaded_to(bool isIceberg)
    {
        var account = Some.Account(_folder);
        var asked = 0;
        var hints = new ResourceHints { TableFormat = isIceberg ? TableFormat.Iceberg : TableFormat.Default };
        var resource = Resource.Create("items", (_, _) => Items(), hints);
        var misspelt = new Machine(account, objects: Without(account, "lake"));
        var error = await Assert.ThrowsAsync<BucketNotFoundException>(() => misspelt.RunAsync(resource));
        Assert.Contains("There is no bucket 'lake'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, asked);
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        var info = await new Machine(account).RunAsync(resource);
        Assert.Equal((1, 1), (info.Packages.Length, asked));

        async IAsyncEnumerable<Dlt.JsonValue> Items()
        {
            await Task.CompletedTask;
            asked++;
            yield return Some.Item("""{"id":1}""");
        }
    }

    [Fact]
    public async Task A_package_that_waits_makes_no_table_in_a_bucket_that_is_not_there()
    {
        var account = Some.Account(_folder);
        await using (var run = await new Machine(account).Pipeline().BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Some.Resource("items", """{"id":1}""")), Cancellation);
        await Assert.ThrowsAsync<BucketNotFoundException>(() =>
            new Machine(account, objects: Without(account, "lake")).Pipeline().LoadPendingAsync(Cancellation));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Equal(1, (await new Machine(account).Pipeline().LoadPendingAsync(Cancellation)).RowCounts["items"]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Tables_that_an_earlier_version_made_in_a_bucket_that_never_was_move_to_the_right_one(bool isGone)
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("items", """{"id":1}"""));
        foreach (var name in new[] { "items", "_dlt_pipeline_state" })
        {
            var table = (await account.Glue.GetTableAsync("ds", name, Cancellation))!.Definition;
            var elsewhere = table.StorageDescriptor! with { Location = $"s3://spelt-buckte/ds/{name}/" };
            await account.Glue.UpdateTableAsync("ds", table with { StorageDescriptor = elsewhere }, cancellationToken: Cancellation);
        }

        if (!isGone) Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "spelt-buckte"));
        var second = new Machine(account).RunAsync(Some.Resource("items", """{"id":2,"further":true}"""));
        if (isGone)
        {
            await second;
            Assert.Equal("s3://lake/ds/items/", (await account.Glue.GetTableAsync("ds", "items", Cancellation))!.Location);
            Assert.Equal("1,2", await Machine.ValuesAsync(account, "SELECT id FROM items ORDER BY id"));
        }
        else
        {
            var error = await Assert.ThrowsAsync<Dlt.SchemaException>(() => second);
            Assert.Contains("s3://spelt-buckte/ds/items/", error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>The account's objects without a bucket.</summary>
    private static IObjectStore Without(LocalAthena account, string bucket) =>
        Steps.Intercept(account.Objects, (method, call) => method switch
    {
        nameof(IObjectStore.BucketExistsAsync) => Task.FromResult(false),
        nameof(IObjectStore.PutAsync) or nameof(IObjectStore.UploadAsync) => throw new BucketNotFoundException(bucket),
        _ => call(),
    });
}

using System.Globalization;
using System.Text;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Storage;

public sealed class FolderObjectStoreTests : ObjectStoreContract, IDisposable
{
    private const string Lake = "lake";

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("DLT_RACE_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture,
        out var rounds) ? rounds : 150;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(""), InlineData("/"), InlineData("../"), InlineData("../../"), InlineData("x/../../../"), InlineData("./../"),
        InlineData("..\\..\\"), InlineData("x//../../"), InlineData("link/"), InlineData("x/link/")]
    public async Task No_key_and_no_prefix_reaches_a_file_outside_of_the_bucket(string way)
    {
        var store = Open();
        var secret = _folder.Write("outside/secret.txt", "secret");
        _folder.Write("s3/other/outside/secret.txt", "secret");
        Directory.CreateDirectory(_folder.File("s3/lake/x"));
        Directory.CreateSymbolicLink(_folder.File("s3/lake/link"), _folder.File());
        Directory.CreateSymbolicLink(_folder.File("s3/lake/x/link"), _folder.File());
        foreach (var key in new[] { way + "outside/secret.txt", way + secret, way + secret[1..] })
        {
            var at = new ObjectLocation(Lake, key);
            await AssertHidesAsync(key, async () => await store.GetAsync(at, cancellationToken: Cancellation));
            await AssertHidesAsync(key, async () => await store.HeadAsync(at, Cancellation));
            await AssertHidesAsync(key, () => store.PutAsync(at, "changed"u8.ToArray(), cancellationToken: Cancellation));
            await AssertHidesAsync(key, () => store.UploadAsync(at, _folder.Write("file", "changed"), Cancellation));
            await AssertHidesAsync(key, () => store.DeleteAsync(Lake, [key], Cancellation));
            await AssertHidesAsync(key, async () =>
            {
                await foreach (var found in store.ListAsync(Lake, key[..^10], Cancellation)) Assert.Fail(found.Location.ToString());
            });
        }

        Assert.Equal("secret", File.ReadAllText(secret));
        Assert.Equal(["secret.txt"], Directory.GetFiles(_folder.File("outside")).Select(Path.GetFileName));
        Assert.Single(Directory.GetFiles(_folder.File("s3/other"), "*", SearchOption.AllDirectories));
    }

    [Theory, InlineData("/x"), InlineData("a/../x"), InlineData("a\0b"), InlineData("link/x")]
    public async Task An_impossible_key_is_refused_before_anything_is_written(string key)
    {
        var store = Open();
        Directory.CreateSymbolicLink(_folder.File("s3/lake/link"), _folder.Path);
        var error = await Assert.ThrowsAsync<ArgumentException>(() =>
            store.PutAsync(new(Lake, key), "x"u8.ToArray(), cancellationToken: Cancellation));
        Assert.Contains("cannot be an object", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was read or written", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.File("s3/lake")));
    }

    [Theory, InlineData(".."), InlineData("."), InlineData(""), InlineData(".tmp"), InlineData("a/b"), InlineData("a\\b"),
        InlineData("C:"), InlineData("a\0")]
    public async Task A_bucket_is_a_folder_of_the_root(string bucket) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Open()
            .PutAsync(new(bucket, "x"), "x"u8.ToArray(), cancellationToken: Cancellation));

    [Fact]
    public async Task Objects_that_were_stored_before_keys_were_escaped_are_read_listed_replaced_and_deleted()
    {
        var store = Open();
        string[] keys = ["ds/Items/1.parquet", "ds/Items/a b+c%/2.parquet", "ds/items/3.parquet", "ds/items/hour=00%3A00/4.parquet"];
        foreach (var key in keys) _folder.Write("s3/lake/" + key, key);
        await store.PutAsync(new(Lake, "ds/Items/new.parquet"), "new"u8.ToArray(), cancellationToken: Cancellation);
        Assert.Equal(["ds/Items/1.parquet", "ds/Items/a b+c%/2.parquet", "ds/Items/new.parquet"], await KeysAsync(store, "ds/Items/"));
        foreach (var key in keys)
        {
            var at = new ObjectLocation(Lake, key);
            Assert.Equal(key, Encoding.UTF8.GetString(await store.GetAsync(at, cancellationToken: Cancellation)));
            await Assert.ThrowsAsync<PreconditionFailedException>(() =>
                store.PutAsync(at, "x"u8.ToArray(), PutCondition.MustNotExist, Cancellation));
            await store.PutAsync(at, "again"u8.ToArray(), cancellationToken: Cancellation);
            Assert.Equal("again", File.ReadAllText(store.PathOf(at)));
        }

        await store.DeleteAsync(Lake, keys, Cancellation);
        Assert.Equal(["ds/Items/new.parquet"], await KeysAsync(store, ""));
    }

    [Fact]
    public async Task Each_version_of_an_object_has_a_later_time_and_another_etag()
    {
        var store = Open();
        var versions = new List<ObjectInfo>();
        for (var i = 0; i < 100; i++)
            versions.Add(await store.PutAsync(new(Lake, "a"), "same"u8.ToArray(), cancellationToken: Cancellation));
        Assert.Equal(100, versions.Select(v => v.ETag).Distinct().Count());
        Assert.All(versions.Zip(versions.Skip(1)), pair => Assert.True(pair.First.LastModified < pair.Second.LastModified));
    }

    [Fact]
    public async Task Puts_and_deletes_in_one_folder_do_not_disturb_each_other()
    {
        var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    var at = new ObjectLocation(Lake, $"a/b/{writer}-{i}");
                    await store.PutAsync(at, "x"u8.ToArray(), cancellationToken: Cancellation);
                    await store.DeleteAsync(Lake, [at.Key], Cancellation);
                }
            },
            Cancellation)));
        Assert.Empty(await KeysAsync(store, ""));
    }

    [Fact]
    public async Task A_conditional_put_sees_every_other_put()
    {
        // One writer puts with a condition, one without. A put after the version that the condition expects is never overwritten.
        var store = Open();
        var at = new ObjectLocation(Lake, "x");
        for (var round = 0; round < Rounds; round++)
        {
            var first = await store.PutAsync(at, "first"u8.ToArray(), cancellationToken: Cancellation);
            var swapped = Task.Run(
                async () =>
                {
                    try
                    {
                        await store.PutAsync(at, "swap"u8.ToArray(), PutCondition.MustBe(first.ETag), Cancellation);
                        return true;
                    }
                    catch (PreconditionFailedException)
                    {
                        return false;
                    }
                },
                Cancellation);
            await Task.WhenAll(
                swapped, Task.Run(() => store.PutAsync(at, "put"u8.ToArray(), cancellationToken: Cancellation), Cancellation));
            Assert.Equal("put", Encoding.UTF8.GetString(await store.GetAsync(at, cancellationToken: Cancellation)));
        }
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_opened_is_an_error_and_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links take a permission there.");
        var store = Open();
        var lockFile = _folder.File("s3/.tmp/lake/lock");
        Directory.CreateDirectory(Path.GetDirectoryName(lockFile)!);
        File.CreateSymbolicLink(lockFile, lockFile);   // a link to itself
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(new(Lake, "a"), "x"u8.ToArray(), cancellationToken: Cancellation));
        Assert.Empty(await KeysAsync(store, ""));
    }

    protected override Task<IObjectStore> OpenAsync(string bucket)
    {
        var store = new FolderObjectStore(_folder.Path);
        store.CreateBucket(bucket);
        return Task.FromResult<IObjectStore>(store);
    }

    private FolderObjectStore Open()
    {
        var store = new FolderObjectStore(_folder.File("s3"));
        store.CreateBucket(Lake);
        return store;
    }

    /// <summary>A call may fail, but its error reveals nothing about files outside.</summary>
    private async Task AssertHidesAsync(string key, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception error) when (error is ArgumentException or DltException)
        {
            Assert.DoesNotContain(
                _folder.File("outside"), error.Message.Replace(key, "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    private static async Task<List<string>> KeysAsync(FolderObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(Lake, prefix, Cancellation)) keys.Add(found.Location.Key);
        return keys;
    }
}

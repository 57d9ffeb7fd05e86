using System.Text;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Storage;

/// <summary>The contract that every object store fulfils, in a folder or on S3.</summary>
public abstract class ObjectStoreContract
{
    private const string Bucket = "contract-bucket";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<IObjectStore> OpenAsync(string bucket);

    /// <summary>Skips the test where the service has no conditional deletes.</summary>
    protected virtual Task CheckDeletesAsync(string bucket) => Task.CompletedTask;

    [Fact]
    public async Task An_object_that_was_put_is_read_whole_and_in_ranges()
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "ranges/a b+c%/ü.txt");
        await store.PutAsync(at, Bytes("0123456789"), cancellationToken: Cancellation);
        Assert.Equal("0123456789", Text(await store.GetAsync(at, cancellationToken: Cancellation)));
        Assert.Equal("345", Text(await store.GetAsync(at, 3, 3, Cancellation)));
        Assert.Equal("89", Text(await store.GetAsync(at, 8, null, Cancellation)));
        Assert.Equal("89", Text(await store.GetAsync(at, 8, 100, Cancellation)));
    }

    [Fact]
    public async Task A_bucket_exists_after_it_was_made()
    {
        var store = await OpenAsync(Bucket);
        Assert.True(await store.BucketExistsAsync(Bucket, Cancellation));
        Assert.False(await store.BucketExistsAsync("contract-bucket-that-nobody-made", Cancellation));
    }

    [Fact]
    public async Task Facts_of_an_object_are_its_size_and_an_etag_that_changes_with_its_content()
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "facts/a");
        var first = await store.PutAsync(at, Bytes("one"), cancellationToken: Cancellation);
        var head = await store.HeadAsync(at, Cancellation);
        Assert.Equal(3, head!.Size);
        Assert.Equal(first.ETag, head.ETag);
        var second = await store.PutAsync(at, Bytes("two"), cancellationToken: Cancellation);
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Null(await store.HeadAsync(new(Bucket, "facts/none"), Cancellation));
    }

    [Fact]
    public async Task A_conditional_put_replaces_only_the_expected_object()
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "conditions/a");
        var first = await store.PutAsync(at, Bytes("one"), PutCondition.MustNotExist, Cancellation);
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.PutAsync(at, Bytes("two"), PutCondition.MustNotExist, Cancellation));
        Assert.Equal("one", Text(await store.GetAsync(at, cancellationToken: Cancellation)));
        await store.PutAsync(at, Bytes("two"), PutCondition.MustBe(first.ETag), Cancellation);
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.PutAsync(at, Bytes("three"), PutCondition.MustBe(first.ETag), Cancellation));
        Assert.Equal("two", Text(await store.GetAsync(at, cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task Of_many_writers_of_one_new_object_exactly_one_wins()
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "race/" + Guid.NewGuid().ToString("N"));
        var wins = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            try
            {
                await store.PutAsync(at, Bytes($"writer {i}"), PutCondition.MustNotExist, Cancellation);
                return $"writer {i}";
            }
            catch (PreconditionFailedException)
            {
                return null;
            }
        }));
        Assert.Equal(Assert.Single(wins, w => w is not null), Text(await store.GetAsync(at, cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task A_list_has_the_keys_below_a_prefix_in_the_order_of_their_bytes()
    {
        var store = await OpenAsync(Bucket);
        string[] keys = ["list/b/1", "list/a0", "list/a/1", "list/a-1", "list/Z", "list/é", "list2/x"];
        foreach (var key in keys) await store.PutAsync(new(Bucket, key), Bytes(key), cancellationToken: Cancellation);
        Assert.Equal(["list/Z", "list/a-1", "list/a/1", "list/a0", "list/b/1", "list/é"], await KeysAsync(store, "list/"));
        Assert.Equal(["list/a-1", "list/a/1", "list/a0"], await KeysAsync(store, "list/a"));
        Assert.Empty(await KeysAsync(store, "nothing/"));
    }

    [Fact]
    public async Task Deleting_ignores_missing_keys()
    {
        var store = await OpenAsync(Bucket);
        foreach (var key in new[] { "delete/a", "delete/b", "delete/c" })
            await store.PutAsync(new(Bucket, key), Bytes(key), cancellationToken: Cancellation);
        await store.DeleteAsync(Bucket, ["delete/a", "delete/b", "delete/none"], Cancellation);
        Assert.Equal(["delete/c"], await KeysAsync(store, "delete/"));
    }

    [Fact]
    public async Task A_file_is_uploaded_with_its_bytes_even_when_it_goes_in_parts()
    {
        var store = await OpenAsync(Bucket);
        using var folder = new Support.TempFolder();
        var content = new byte[20_000_000];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(folder.File("big"), content, Cancellation);
        var at = new ObjectLocation(Bucket, "upload/big");
        await store.UploadAsync(at, folder.File("big"), Cancellation);
        Assert.Equal(content.Length, (await store.HeadAsync(at, Cancellation))!.Size);
        Assert.Equal(content[19_999_000..], await store.GetAsync(at, 19_999_000, 1000, Cancellation));
    }

    [Theory]
    [InlineData("odd/CON/nul.txt"), InlineData("odd/a:b*c?<d>|e\"f"), InlineData("odd/a\\..\\b"),
        InlineData("odd/ends with a dot./ends with a space "), InlineData("odd/a//b"), InlineData("odd/folder/")]
    [InlineData("odd/100%"), InlineData("odd/%41"), InlineData("odd/%2e%2e/x"), InlineData("odd/x%file"), InlineData("odd/tab\tx"),
        InlineData("odd/🙂/e\u0301"), InlineData("odd/[a-z]{1}")]
    public async Task An_object_may_have_a_key_that_disks_cannot_hold(string key)
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, key);
        var put = await store.PutAsync(at, Bytes(key), PutCondition.MustNotExist, Cancellation);
        Assert.Equal(key, Text(await store.GetAsync(at, cancellationToken: Cancellation)));
        Assert.Equal(put.ETag, (await store.HeadAsync(at, Cancellation))!.ETag);
        Assert.Equal([key], await KeysAsync(store, key));
        Assert.Contains(key, await KeysAsync(store, "odd/"));
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.PutAsync(at, Bytes(key), PutCondition.MustNotExist, Cancellation));
        await store.DeleteAsync(Bucket, [key], Cancellation);
        Assert.Null(await store.HeadAsync(at, Cancellation));
    }

    [Fact]
    public async Task A_key_may_be_the_folder_of_other_keys_and_keys_may_differ_by_case_only()
    {
        var store = await OpenAsync(Bucket);
        string[] keys = ["nest/A", "nest/a", "nest/a/B", "nest/a/b", "nest/a/b/c", "nest/a/b/c/d", "nest/" + new string('n', 300) + "/x",
            "nest/" + new string('日', 120)];
        foreach (var key in keys.Order(StringComparer.Ordinal))
            await store.PutAsync(new(Bucket, key), Bytes(key), cancellationToken: Cancellation);
        foreach (var key in keys.OrderDescending(StringComparer.Ordinal))
            await store.PutAsync(new(Bucket, key), Bytes("again " + key), cancellationToken: Cancellation);
        Assert.Equal(keys, await KeysAsync(store, "nest/"));
        Assert.Equal(["nest/a/b", "nest/a/b/c", "nest/a/b/c/d"], await KeysAsync(store, "nest/a/b"));
        foreach (var key in keys)
            Assert.Equal("again " + key, Text(await store.GetAsync(new(Bucket, key), cancellationToken: Cancellation)));
        await store.DeleteAsync(Bucket, ["nest/a/b/c", "nest/a"], Cancellation);
        Assert.Equal(keys.Except(["nest/a/b/c", "nest/a"]), await KeysAsync(store, "nest/"));
        await store.DeleteAsync(Bucket, ["nest/a/b/c/d", "nest/a/b", "nest/a/B"], Cancellation);
        await store.PutAsync(new(Bucket, "nest/a"), Bytes("back"), cancellationToken: Cancellation);
        Assert.Equal("back", Text(await store.GetAsync(new(Bucket, "nest/a"), cancellationToken: Cancellation)));
    }

    [Fact]
    public async Task Put_head_and_list_give_the_same_facts_of_an_object()
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "same/a");
        var put = await store.PutAsync(at, Bytes("one"), cancellationToken: Cancellation);
        var head = (await store.HeadAsync(at, Cancellation))!;
        ObjectInfo? listed = null;
        await foreach (var found in store.ListAsync(Bucket, "same/", Cancellation)) listed = found;
        Assert.Equal(put.ETag, head.ETag);
        Assert.Equal(put.ETag, listed!.ETag);
        // S3 has a resolution of one second.
        Assert.InRange(put.LastModified - head.LastModified, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        Assert.InRange(listed.LastModified - head.LastModified, TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(2));
        await store.PutAsync(at, Bytes("two"), PutCondition.MustBe(listed.ETag), Cancellation);
        await Assert.ThrowsAsync<PreconditionFailedException>(() =>
            store.PutAsync(at, Bytes("three"), PutCondition.MustBe(put.ETag), Cancellation));
    }

    [Fact]
    public async Task An_uploaded_file_has_one_etag_for_upload_head_and_list()
    {
        var store = await OpenAsync(Bucket);
        using var folder = new Support.TempFolder();
        await File.WriteAllTextAsync(folder.File("small"), "rows", Cancellation);
        var at = new ObjectLocation(Bucket, "uploaded/a");
        var put = await store.UploadAsync(at, folder.File("small"), Cancellation);
        ObjectInfo? listed = null;
        await foreach (var found in store.ListAsync(Bucket, "uploaded/", Cancellation)) listed = found;
        Assert.Equal(put.ETag, (await store.HeadAsync(at, Cancellation))!.ETag);
        Assert.Equal(put.ETag, listed!.ETag);
        Assert.Equal(4, put.Size);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_object_is_read_at_any_position(bool isSizeKnown)
    {
        var store = await OpenAsync(Bucket);
        var at = new ObjectLocation(Bucket, "streams/a");
        var content = new byte[5_000_000];
        new Random(11).NextBytes(content);
        await store.PutAsync(at, content, cancellationToken: Cancellation);
        await using var stream = await store.OpenReadAsync(at, isSizeKnown ? content.Length : null, Cancellation);
        Assert.Equal(content.Length, stream.Length);
        var part = new byte[1000];
        stream.Seek(-1000, SeekOrigin.End);
        stream.ReadExactly(part);
        Assert.Equal(content[^1000..], part);
        stream.Position = 1_234_567;
        await stream.ReadExactlyAsync(part, Cancellation);
        Assert.Equal(content[1_234_567..1_235_567], part);
        stream.Position = content.Length;
        Assert.Equal(0, stream.Read(part));
        stream.Position = 0;
        using var whole = new MemoryStream();
        await stream.CopyToAsync(whole, Cancellation);
        Assert.Equal(content, whole.ToArray());
    }

    [Fact]
    public async Task Opening_a_missing_object_names_it()
    {
        var store = await OpenAsync(Bucket);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() =>
            store.OpenReadAsync(new(Bucket, "streams/none"), cancellationToken: Cancellation));
        await Assert.ThrowsAsync<ObjectNotFoundException>(async () =>
        {
            await using var stream = await store.OpenReadAsync(new(Bucket, "streams/none"), 10, Cancellation);
            await stream.ReadExactlyAsync(new byte[10], Cancellation);
        });
    }

    [Fact]
    public async Task A_conditional_delete_removes_only_the_expected_object()
    {
        var store = await OpenAsync(Bucket);
        await CheckDeletesAsync(Bucket);
        var at = new ObjectLocation(Bucket, "deletes/a");
        var first = await store.PutAsync(at, Bytes("one"), cancellationToken: Cancellation);
        var second = await store.PutAsync(at, Bytes("two"), cancellationToken: Cancellation);
        Assert.False(await store.TryDeleteAsync(at, first.ETag, Cancellation));
        Assert.Equal("two", Text(await store.GetAsync(at, cancellationToken: Cancellation)));
        Assert.True(await store.TryDeleteAsync(at, second.ETag, Cancellation));
        Assert.Null(await store.HeadAsync(at, Cancellation));
        Assert.True(await store.TryDeleteAsync(at, second.ETag, Cancellation));
        Assert.True(await store.TryDeleteAsync(new(Bucket, "deletes/never"), second.ETag, Cancellation));
    }

    [Fact]
    public async Task A_missing_object_is_named()
    {
        var store = await OpenAsync(Bucket);
        var missing = await Assert.ThrowsAsync<ObjectNotFoundException>(() =>
            store.GetAsync(new(Bucket, "none"), cancellationToken: Cancellation));
        Assert.Contains($"s3://{Bucket}/none", missing.Message, StringComparison.Ordinal);
        var bucket = await Assert.ThrowsAsync<BucketNotFoundException>(() =>
            store.PutAsync(new("no-such-bucket", "a"), Bytes("x"), cancellationToken: Cancellation));
        Assert.Contains("no-such-bucket", bucket.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> KeysAsync(IObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var info in store.ListAsync(Bucket, prefix, Cancellation)) keys.Add(info.Location.Key);
        return keys;
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}

public sealed class S3ObjectStoreTests : ObjectStoreContract
{
    protected override async Task<IObjectStore> OpenAsync(string bucket) => (await Support.Moto.AccountAsync(bucket)).Objects;

    /// <summary>moto has conditional deletes since February 2026.</summary>
    protected override async Task CheckDeletesAsync(string bucket)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var store = await OpenAsync(bucket);
        var probe = new ObjectLocation(bucket, "deletes-probe");
        await store.PutAsync(probe, "x"u8.ToArray(), cancellationToken: cancellation);
        Assert.SkipWhen(await store.TryDeleteAsync(probe, "\"another\"", cancellation), "This moto_server ignores If-Match of deletes.");
    }
}

using Amazon.S3;
using Dlt.Storage;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.AthenaDestination.Wire;

/// <summary>Uploads in parts: none stays open after an error, and those of killed processes are found and ended.</summary>
public sealed class WireUploadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_large_file_arrives_through_bad_weather()
    {
        var content = new byte[24 << 20];
        new Random(7).NextBytes(content);
        await File.WriteAllBytesAsync(_folder.File("large"), content, Cancellation);
        var account = NewAccount();
        await using var server = new AccountServer(account) { Weather = new(3) };
        await using var aws = server.Open();
        for (var i = 0; i < 3; i++)
        {
            var location = new ObjectLocation("lake", $"ds/large/{i}");
            await aws.Objects.UploadAsync(location, _folder.File("large"), Cancellation);
            Assert.Equal(content, await account.Objects.GetAsync(location, cancellationToken: Cancellation));
        }
    }

    [Theory, InlineData("UploadPart"), InlineData("CompleteMultipartUpload")]
    public async Task An_upload_that_fails_leaves_no_parts(string operation)
    {
        await using (var file = File.Create(_folder.File("large"))) file.SetLength(24 << 20);
        await using var server = new AccountServer(NewAccount()) { Denied = operation };
        await using var aws = server.Open();
        var location = new ObjectLocation("lake", "ds/large/1");
        await Assert.ThrowsAsync<DltException>(() => aws.Objects.UploadAsync(location, _folder.File("large"), Cancellation));
        Assert.Contains("AbortMultipartUpload", server.Calls);
        Assert.Empty(server.OpenUploads);
    }

    [Fact]
    public async Task An_upload_that_a_killed_process_left_is_an_orphan_and_can_be_ended()
    {
        await using var server = new AccountServer(NewAccount());
        await using var aws = server.Open();
        using var s3 = new AmazonS3Client("AK", "SK", new AmazonS3Config { ServiceURL = server.Url, ForcePathStyle = true });
        foreach (var key in new[] { "ds/items/1.parquet", "elsewhere/2.parquet" })
            await s3.InitiateMultipartUploadAsync("lake", key, Cancellation);
        await using var maintenance = AthenaMaintenance.Open(aws, Some.Configuration(_folder.Path));
        var found = Assert.Single(await maintenance.FindOrphansAsync("ds", Cancellation));
        Assert.Equal((OrphanKind.Upload, "s3://lake/ds/items/1.parquet"), (found.Kind, found.Location));
        await maintenance.RemoveAsync([found], TimeSpan.Zero, Cancellation);
        Assert.Equal(["elsewhere/2.parquet"], server.OpenUploads);
    }

    [Fact]
    public async Task A_login_that_may_not_list_uploads_learns_the_permission_and_the_bucket()
    {
        await using var server = new AccountServer(NewAccount()) { Denied = "ListMultipartUploads" };
        await using var aws = server.Open();
        await aws.Objects.PutAsync(new("lake", "ds/init"), "x"u8.ToArray(), cancellationToken: Cancellation);
        var warnings = new List<string>();
        await using var maintenance = AthenaMaintenance.Open(aws, Some.Configuration(_folder.Path), warn: warnings.Add);
        Assert.Empty(await maintenance.FindOrphansAsync("ds", Cancellation));
        Assert.Contains(
            "lacks the permission s3:ListBucketMultipartUploads on s3://lake,", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private LocalAthena NewAccount()
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));   // a bucket
        return account;
    }
}

using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Dlt.Aws;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.S3;

/// <summary>Requests of the S3 client, and how it reads the answers.</summary>
public sealed class S3WireTests
{
    private static readonly ObjectLocation Key = new("lake", "a/b");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(204, true), InlineData(412, false), InlineData(404, true)]
    public async Task A_conditional_delete_sends_the_etag_and_is_false_for_another_object(int status, bool isGone)
    {
        var calls = new ConcurrentQueue<string>();
        await using var server = new LoopbackServer((call, _) =>
        {
            calls.Enqueue($"{call.Request.HttpMethod} {call.Request.RawUrl} {call.Request.Headers["If-Match"]}");
            call.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        Assert.Equal(isGone, await s3.TryDeleteAsync(Key, "\"etag\"", Cancellation));
        Assert.Equal("DELETE /lake/a/b \"etag\"", Assert.Single(calls));
    }

    [Fact]
    public async Task A_store_that_does_not_know_conditions_says_so_whatever_its_text()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 501;
            await LoopbackServer.WriteAsync(call, "<Error><Code>Unknown</Code><Message>No.</Message></Error>");
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await Assert.ThrowsAsync<ConditionNotSupportedException>(() =>
            s3.PutAsync(Key, "x"u8.ToArray(), PutCondition.MustNotExist, Cancellation));
        await Assert.ThrowsAsync<ConditionNotSupportedException>(() => s3.TryDeleteAsync(Key, "\"etag\"", Cancellation));
        var plain = await Assert.ThrowsAsync<DltException>(() => s3.PutAsync(Key, "x"u8.ToArray(), cancellationToken: Cancellation));
        Assert.DoesNotContain("conditions", plain.Message, StringComparison.Ordinal);
    }

    [Fact, Scenario("T-12")]
    public async Task A_store_behind_an_endpoint_is_signed_for_its_region_and_gets_no_checksum_that_it_may_not_know()
    {
        var calls = new ConcurrentQueue<NameValueCollection>();
        await using var server = new LoopbackServer((call, _) =>
        {
            calls.Enqueue(call.Request.Headers);
            call.Response.AddHeader("ETag", "\"etag\"");
            return Task.CompletedTask;
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await s3.PutAsync(Key, "rows"u8.ToArray(), cancellationToken: Cancellation);
        var headers = Assert.Single(calls);
        Assert.Contains($"/{Moto.Region}/s3/aws4_request", headers["Authorization"], StringComparison.Ordinal);
        Assert.DoesNotContain(headers.AllKeys, name => name!.StartsWith("x-amz-checksum", StringComparison.OrdinalIgnoreCase)
            || name.Equals("x-amz-trailer", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_store_behind_an_endpoint_gets_the_hash_of_a_delete_that_such_stores_need()
    {
        (string? Sent, string? Right) hash = default;
        await using var server = new LoopbackServer(async (call, _) =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            hash = (call.Request.Headers["Content-MD5"], Convert.ToBase64String(MD5.HashData(body.ToArray())));
            await LoopbackServer.WriteAsync(call, "<DeleteResult/>");
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await s3.DeleteAsync("lake", ["a/b", "c"], Cancellation);
        Assert.NotNull(hash.Sent);
        Assert.Equal(hash.Right, hash.Sent);
    }

    [Fact]
    public async Task A_store_that_answers_304_refuses_to_write_an_object_that_exists()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 304;
            return Task.CompletedTask;
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await Assert.ThrowsAsync<PreconditionFailedException>(
            () => s3.PutAsync(Key, "rows"u8.ToArray(), PutCondition.MustNotExist, Cancellation));
    }

    [Theory]
    [InlineData(301, "PermanentRedirect", "Elsewhere", true)]
    [InlineData(400, "AuthorizationHeaderMalformed", "The region 'eu-central-1' is wrong; expecting 'us-west-2'", false)]
    public async Task A_bucket_in_another_region_is_named_with_its_region(int status, string code, string said, bool hasHeader)
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = status;
            if (hasHeader) call.Response.AddHeader("x-amz-bucket-region", "us-west-2");
            await LoopbackServer.WriteAsync(call, $"<Error><Code>{code}</Code><Message>{said}</Message></Error>");
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        var error = await Assert.ThrowsAsync<DltException>(() => s3.PutAsync(Key, "rows"u8.ToArray(), cancellationToken: Cancellation));
        Assert.Contains(
            said + ". The bucket 'lake' is in the region us-west-2. Set region_name = \"us-west-2\" in "
                + "[destination.filesystem.credentials], then run again.",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory, InlineData(403), InlineData(0)]
    public async Task A_large_upload_that_fails_is_aborted_so_no_parts_stay(int status)
    {
        var calls = new ConcurrentQueue<string>();
        using var stop = new CancellationTokenSource();
        await using var server = new LoopbackServer((call, _) => AnswerUploadAsync(call, calls, status, stop));
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        using var folder = new TempFolder();
        await using (var file = File.Create(folder.File("large"))) file.SetLength(24 << 20);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => s3.UploadAsync(Key, folder.File("large"), stop.Token));
        if (status == 0) Assert.IsAssignableFrom<OperationCanceledException>(error);
        else Assert.Contains("s3:PutObject", error.Message, StringComparison.Ordinal);
        Assert.Contains("DELETE ?uploadId=upload-1", calls);
    }

    [Fact]
    public async Task A_stream_asks_for_the_ranges_that_are_read_and_for_an_unknown_size_only()
    {
        var content = new byte[6 << 20];
        new Random(3).NextBytes(content);
        var calls = new ConcurrentQueue<string>();
        await using var server = new LoopbackServer((call, _) => ServeAsync(call, content, calls));
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await using (var stream = await s3.OpenReadAsync(Key, content.Length, Cancellation))
        {
            var part = new byte[100];
            stream.Position = content.Length - 100;
            stream.ReadExactly(part);
            Assert.Equal(content[^100..], part);
            stream.Position = 10;
            await stream.ReadExactlyAsync(part, Cancellation);
            await stream.ReadExactlyAsync(part, Cancellation);
            Assert.Equal(content[110..210], part);
        }

        Assert.Equal(["GET bytes=6291356-6291455", "GET bytes=10-4194313"], calls);
        calls.Clear();
        await using (var stream = await s3.OpenReadAsync(Key, cancellationToken: Cancellation))
            Assert.Equal(content.Length, stream.Length);
        Assert.Equal(["HEAD "], calls);
    }

    [Fact]
    public async Task An_object_that_is_shorter_than_its_reader_was_promised_is_an_error()
    {
        await using var server = new LoopbackServer((call, _) => ServeAsync(call, new byte[50], new()));
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        await using var stream = await s3.OpenReadAsync(Key, 100, Cancellation);
        var error = Assert.Throws<EndOfStreamException>(() => stream.ReadExactly(new byte[100]));
        Assert.Contains("s3://lake/a/b ends after 50 bytes, but 100 were expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_in_the_middle_of_an_array_are_sent_as_they_are()
    {
        var sent = "";
        await using var server = new LoopbackServer(async (call, _) =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            sent = Encoding.ASCII.GetString(body.ToArray());
            call.Response.Headers["ETag"] = "\"etag\"";
        });
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        var put = await s3.PutAsync(Key, "0123456789"u8.ToArray().AsMemory(3, 4), cancellationToken: Cancellation);
        Assert.Contains("\r\n3456\r\n", sent, StringComparison.Ordinal);   // a chunk, between its signature and its end
        Assert.Equal((4, "\"etag\""), (put.Size, put.ETag));
    }

    [Fact]
    public async Task A_page_of_a_proxy_with_status_200_is_not_the_answer_of_a_store()
    {
        await using var server = new LoopbackServer((call, _) => LoopbackServer.WriteAsync(call, "<html><body>Log in</body></html>"));
        using var s3 = S3ObjectStore.Open(Moto.Credentials(server.Url));
        using var folder = new TempFolder();
        var file = folder.File("rows");
        await File.WriteAllTextAsync(file, "rows", Cancellation);
        Func<Task>[] calls =
        [
            () => s3.PutAsync(Key, "x"u8.ToArray(), PutCondition.MustNotExist, Cancellation),
            () => s3.UploadAsync(Key, file, Cancellation),
            async () => await s3.ListAsync("lake", "a/", Cancellation).ToListAsync(Cancellation),
        ];
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<DltException>(call);
            Assert.Contains("A proxy or a login page", error.Message, StringComparison.Ordinal);
            Assert.Contains(new Uri(server.Url).Authority, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Answers an upload in parts whose second part is refused; with status 0 the caller stops meanwhile.</summary>
    private static async Task AnswerUploadAsync(
        HttpListenerContext call, ConcurrentQueue<string> calls, int status, CancellationTokenSource stop)
    {
        var query = call.Request.Url!.Query;
        calls.Enqueue($"{call.Request.HttpMethod} {query}");
        await call.Request.InputStream.CopyToAsync(Stream.Null, CancellationToken.None);
        switch (call.Request.HttpMethod)
        {
            case "HEAD":
                call.Response.StatusCode = 404;
                break;
            case "POST" when query.Contains("uploads", StringComparison.Ordinal):
                await LoopbackServer.WriteAsync(call, """
                    <InitiateMultipartUploadResult><Bucket>lake</Bucket><Key>a/b</Key><UploadId>upload-1</UploadId>
                    </InitiateMultipartUploadResult>
                    """);
                break;
            case "PUT" when query.Contains("partNumber=2", StringComparison.Ordinal):
                if (status == 0) await stop.CancelAsync();
                call.Response.StatusCode = status == 0 ? 200 : status;
                if (status == 0) call.Response.AddHeader("ETag", "\"2\"");
                else await LoopbackServer.WriteAsync(call, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
                break;
            case "PUT":
                call.Response.AddHeader("ETag", "\"1\"");
                break;
            case "DELETE":
                call.Response.StatusCode = 204;
                break;
        }
    }

    private static async Task ServeAsync(HttpListenerContext call, byte[] content, ConcurrentQueue<string> calls)
    {
        calls.Enqueue($"{call.Request.HttpMethod} {call.Request.Headers["Range"]}");
        call.Response.Headers["ETag"] = "\"etag\"";
        if (call.Request.Headers["Range"] is not { } range)
        {
            call.Response.ContentLength64 = content.Length;
            return;
        }

        var ends = range["bytes=".Length..].Split('-').Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var part = content.AsMemory(ends[0], Math.Min(ends[1] + 1, content.Length) - ends[0]);
        call.Response.StatusCode = (int)HttpStatusCode.PartialContent;
        call.Response.ContentLength64 = part.Length;
        await call.Response.OutputStream.WriteAsync(part);
    }
}

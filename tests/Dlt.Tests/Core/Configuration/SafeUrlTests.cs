using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Configuration;

/// <summary>No key of a URL and no value of a secret is in a message, a property of an exception or a text form.</summary>
public sealed class SafeUrlTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("https://api.example.com/v1/items?api_key=HUSH&page=2", "https://api.example.com/v1/items?…")]
    [InlineData("https://user:HUSH@api.example.com/v1", "https://…@api.example.com/v1")]
    [InlineData("https://HUSH@api.example.com", "https://…@api.example.com")]
    [InlineData("https://user:HU@SH@api.example.com/a", "https://…@api.example.com/a")]
    [InlineData("https://HUSH@api.example.com/a@b", "https://…@api.example.com/a@b")]
    [InlineData("postgres://u:HU/SH@h/db", "postgres://…@h/db")]
    [InlineData("postgres://u:HU@SH/HUSH@h/db", "postgres://…@h/db")]
    [InlineData("postgres://u:12/HUSH@h/db", "postgres://…@h/db")]
    [InlineData("postgres://u:HU?SH@h/db?x=HUSH", "postgres://…@h/db?…")]
    [InlineData("postgres://u:HU#SH@h/db", "postgres://…@h/db")]
    [InlineData("postgres://u:HUSH", "postgres://…")]
    [InlineData("http://127.0.0.1:8080/v1?x=a@b", "http://127.0.0.1:8080/v1?…")]
    [InlineData("http://[::1]:8080/v1", "http://[::1]:8080/v1")]
    [InlineData("https://api.example.com?token=HUSH", "https://api.example.com?…")]
    [InlineData("https://api.example.com/#HUSH", "https://api.example.com/#…")]
    [InlineData("https://api.example.com/a?x=https://HUSH@b/#c", "https://api.example.com/a?…")]
    [InlineData("postgresql://loader:HUSH@db:5432/dlt?opt=HUSH", "postgresql://…@db:5432/dlt?…")]
    [InlineData("s3://bucket/key", "s3://bucket/key")]
    [InlineData("a file.json", "a file.json")]
    public void User_password_query_and_fragment_are_not_shown(string url, string shown) => Assert.Equal(shown, SafeUrl.Of(url));

    [Theory]
    [InlineData(403, "no")]
    [InlineData(404, "no")]
    [InlineData(503, "no")]
    [InlineData(200, "{oops")]
    public async Task An_error_of_a_request_shows_no_query(int status, string body)
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = status;
            await LoopbackServer.WriteAsync(call, body);
        });
        var url = server.Url.Replace("http://", "http://user:HUSH@", StringComparison.Ordinal) + "/v1/items?api_key=HUSH";
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_MAX_ATTEMPTS", "1"));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => api.Client().GetJsonAsync(url, Cancellation));
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("/v1/items?…", error.Message, StringComparison.Ordinal);
        if (error is ApiException failed) Assert.DoesNotContain("HUSH", failed.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_its_query()
    {
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_MAX_ATTEMPTS", "1"));
        var error = await Assert.ThrowsAsync<ApiException>(
            () => api.Client().GetJsonAsync("http://127.0.0.1:1/v1/items?api_key=HUSH", Cancellation));
        Assert.DoesNotContain("HUSH", error + error.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalog_that_refuses_is_named_without_its_secrets()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 403;
            return Task.CompletedTask;
        });
        var uri = new Uri(server.Url.Replace("http://", "http://user:HUSH@", StringComparison.Ordinal));
        var options = new RestCatalogOptions
        { Credential = "id:HUSH", Token = "HUSH", Headers = new Dictionary<string, string> { ["X-Key"] = "HUSH" } };
        using var catalog = new RestCatalog(uri, options);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => catalog.TryLoadTableAsync(new("ns", "t"), Cancellation));
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_form_of_settings_shows_no_secret()
    {
        var settings = new AthenaSettings
        {
            BucketUrl = "s3://b",
            AthenaCredentials = new()
            { AccessKeyId = "AK", SecretAccessKey = "HUSH", SessionToken = "HUSH", EndpointUrl = "http://user:HUSH@host?x=HUSH" }
        };
        Assert.DoesNotContain("HUSH", settings.ToString(), StringComparison.Ordinal);
        Assert.Contains("AK", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_for_a_wrong_signature_hides_the_signed_text()
    {
        var error = new Amazon.Runtime.AmazonServiceException(
            "The request signature we calculated does not match. \n\nThe Canonical String for this request should have "
            + "been\n'POST\n/\n\nx-amz-security-token:HUSH\n'")
        { ErrorCode = "InvalidSignatureException" };
        Assert.DoesNotContain("HUSH", AwsCall.Glue(error, "table t").ToString(), StringComparison.Ordinal);
        Assert.Contains("does not match", AwsCall.Glue(error, "table t").Message, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dlt.Aws;

namespace Dlt.Tests.Support;

/// <summary>An AWS account for tests: moto's server on a free loopback port, started once and stopped with the tests.</summary>
internal static class Moto
{
    public const string Region = "eu-central-1";

    private static readonly Lazy<Task<string>> Server = new(StartAsync);

    /// <summary>Returns the URL of the server; skips the test where moto is missing.</summary>
    public static async Task<string> UrlAsync()
    {
        Assert.SkipUnless(Tool.Exists("moto_server"), "moto_server is not installed (pip install 'moto[server]'): the AWS clients "
            + "were NOT tested.");
        return await Server.Value;
    }

    public static AwsCredentialOptions Credentials(string url) =>
        new() { AccessKeyId = "AK", SecretAccessKey = "SK", RegionName = Region, EndpointUrl = url };

    public static async Task<AwsAccount> AccountAsync(string bucket)
    {
        var url = await UrlAsync();
        await CreateBucketAsync(url, bucket);
        return Open(url, bucket);
    }

    /// <summary>Makes the clients of an account at a URL.</summary>
    public static AwsAccount Open(string url, string bucket = "lake") => AwsAccount.Open(new()
    {
        Credentials = Credentials(url),
        BucketUrl = "s3://" + bucket,
        QueryResultBucket = $"s3://{bucket}/results",
    });

    /// <summary>Makes a bucket unless it exists.</summary>
    public static async Task CreateBucketAsync(string url, string bucket)
    {
        using var s3 = new Amazon.S3.AmazonS3Client(
            "AK", "SK", new Amazon.S3.AmazonS3Config { ServiceURL = url, ForcePathStyle = true, AuthenticationRegion = Region });
        try
        {
            await s3.PutBucketAsync(new Amazon.S3.Model.PutBucketRequest
            {
                BucketName = bucket,
                PutBucketConfiguration = new() { LocationConstraint = Region }
            }, TestContext.Current.CancellationToken);
        }
        catch (Amazon.S3.Model.BucketAlreadyOwnedByYouException)
        {
            // Another test made the bucket: tests share the account.
        }
    }

    private static async Task<string> StartAsync()
    {
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        var process = Process.Start(new ProcessStartInfo("moto_server", ["-H", "127.0.0.1", "-p", $"{port}"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.Kill(entireProcessTree: true);
        var url = $"http://127.0.0.1:{port}";
        using var http = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                (await http.GetAsync($"{url}/moto-api/")).EnsureSuccessStatusCode();
                return url;
            }
            catch (HttpRequestException) when (attempt < 300 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }
}

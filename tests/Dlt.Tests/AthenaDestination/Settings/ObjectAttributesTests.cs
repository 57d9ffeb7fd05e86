using Dlt.Destinations.Settings;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Encryption, access and payment reach every request that writes an object, also in parts and for Iceberg's files.</summary>
public sealed class ObjectAttributesTests : IDisposable
{
    private const string Bucket = "attributes";

    private static readonly Dictionary<string, string> OfWrites = new()
    {
        ["x-amz-server-side-encryption"] = "aws:kms",
        ["x-amz-server-side-encryption-aws-kms-key-id"] = "key-1",
        ["x-amz-server-side-encryption-bucket-key-enabled"] = "true",
        ["x-amz-acl"] = "bucket-owner-full-control",
        ["x-amz-storage-class"] = "INTELLIGENT_TIERING",
        ["x-amz-tagging"] = "team=sales",
        ["x-amz-meta-maker"] = "dlt",
    };

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_object_of_a_load_is_written_without_its_attributes()
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var recorder = new AwsRecorder(moto);
        _folder.Write(".dlt/secrets.toml", Settings(recorder.Url));
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("work"),
            Warn = _warnings.Add,
        };
        var source = new Source("shop",
        [
            Some.Resource("items", """{"id":1,"tags":["a"]}"""),
            Some.Resource("orders", new ResourceHints { TableFormat = TableFormat.Iceberg }, """{"id":1}"""),
        ]);
        await Pipeline.Create("pipe", Athena.Destination(), "attributes_ds", options).RunAsync(source, Cancellation);

        var big = _folder.File("big");
        await File.WriteAllBytesAsync(big, new byte[17 << 20], Cancellation);
        var settings = AthenaSettings.Resolve(options.Configuration, "pipe", _warnings.Add, isLocal: false);
        await using (var account = Dlt.Aws.AwsAccount.Open(settings.ToAccountOptions()))
            await account.Objects.UploadAsync(ObjectLocation.Parse($"s3://{Bucket}/big"), big, Cancellation);

        var toS3 = recorder.Requests.Where(r => !r.Headers.ContainsKey("X-Amz-Target")).ToList();
        var writes = toS3.Where(IsWrite).ToList();
        Assert.Contains(writes, w => w.Url.Contains("/items/", StringComparison.Ordinal));
        Assert.Contains(writes, w => w.Url.EndsWith(".avro", StringComparison.Ordinal));
        Assert.Contains(writes, w => w.Url.Contains("_dlt_publish", StringComparison.Ordinal));
        Assert.Contains(writes, w => w.Url.Contains("big?uploads", StringComparison.Ordinal));
        foreach (var (name, value) in OfWrites)
            Assert.All(writes, w => Assert.Equal($"{w.Url} {value}", $"{w.Url} {w.Headers.GetValueOrDefault(name)}"));
        Assert.All(toS3, r => Assert.Equal(("requester", "123456789012"),
            (r.Headers.GetValueOrDefault("x-amz-request-payer"), r.Headers.GetValueOrDefault("x-amz-expected-bucket-owner"))));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("kwargs", """{ s3_additional_kwargs = { ServerSideEncription = "AES256" } }""", "ServerSideEncryption")]
    [InlineData("kwargs", """{ s3_additional_kwargs = { ServerSideEncryption = "aws:kmz" } }""", "'aws:kms'")]
    [InlineData("kwargs", """{ s3_additional_kwargs = { SSECustomerKey = "HUSH" } }""", "Athena cannot read")]
    [InlineData("kwargs", """{ s3_additional_kwargs = { SSEKMSKeyId = "HUSH" } }""", "ServerSideEncryption is aws:kms")]
    [InlineData("kwargs", """{ s3_additional_kwargs = { StorageClass = "GLACIER" } }""", "'GLACIER_IR'")]
    [InlineData("kwargs", """{ s3_additional_kwargs = { ACL = "bucket-owner-ful-control" } }""", "'bucket-owner-full-control'")]
    [InlineData("client_kwargs", "{ verify = false }", "always verified")]
    [InlineData("config_kwargs", """{ s3 = { addressing_style = "pth" } }""", "'path'")]
    [InlineData("config_kwargs", "{ connect_timeout = 0 }", "a number above 0")]
    [InlineData("config_kwargs", """{ read_timeout = "soon" }""", "a number above 0")]
    [InlineData("config_kwargs", "{ max_pool_connections = 0 }", "a whole number from 1")]
    [InlineData("config_kwargs", "{ retries = { max_attempts = -1 } }", "a whole number from 0")]
    [InlineData("config_kwargs", "{ retries = { max_atempts = 1 } }", "'max_attempts'")]
    [InlineData("config_kwargs", """{ retries = { mode = "standart" } }""", "'standard'")]
    [InlineData("config_kwargs", """{ request_checksum_calculation = "never" }""", "when_required")]
    public void A_value_that_does_not_fit_is_refused_with_the_nearest_one(string setting, string value, string part)
    {
        _folder.Write(".dlt/secrets.toml", $"[destination.filesystem]\nbucket_url = \"s3://b\"\n{setting} = {value}\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve());
        Assert.StartsWith($"destination.filesystem.{setting}.", Assert.Single(error.Fields), StringComparison.Ordinal);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_endpoints_and_addresses_are_those_of_the_settings()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://b"
            client_kwargs = { verify = "/etc/own.pem" }
            config_kwargs = { use_fips_endpoint = true, use_dualstack_endpoint = true, s3 = { addressing_style = "path" } }
            [destination.athena.credentials]
            use_fips_endpoint = true
            """);
        var settings = Resolve();
        Assert.Equal(("/etc/own.pem", true, true), (settings.FilesystemCredentials.CertificateBundle,
            settings.FilesystemCredentials.UsesFips, settings.FilesystemCredentials.UsesDualStack));
        Assert.Equal((true, null), (settings.AthenaCredentials.UsesFips, settings.AthenaCredentials.UsesDualStack));
        Assert.True(settings.Storage.UsesPathStyle);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_FIPS_endpoint_and_a_URL_exclude_each_other()
    {
        var login = Moto.Credentials("http://127.0.0.1:9") with { UsesFips = true };
        var error = Assert.Throws<ConfigurationException>(() => Dlt.Aws.AwsAccount.Open(new() { Credentials = login }));
        Assert.Contains("UsesFips chooses an endpoint of AWS", error.Message, StringComparison.Ordinal);
    }

    private static bool IsWrite((string Method, string Url, Dictionary<string, string> Headers) request) =>
        (request.Method == "PUT" && !request.Url.Contains("partNumber", StringComparison.Ordinal))
            || (request.Method == "POST" && request.Url.Contains("?uploads", StringComparison.Ordinal));

    private static string Settings(string url) => $$"""
        [destination.filesystem]
        bucket_url = "s3://{{Bucket}}/data"
        [destination.filesystem.kwargs]
        requester_pays = true
        [destination.filesystem.kwargs.s3_additional_kwargs]
        ServerSideEncryption = "aws:kms"
        SSEKMSKeyId = "key-1"
        BucketKeyEnabled = true
        ACL = "bucket-owner-full-control"
        StorageClass = "INTELLIGENT_TIERING"
        Tagging = "team=sales"
        Metadata = { maker = "dlt" }
        ExpectedBucketOwner = "123456789012"
        [destination.filesystem.credentials]
        aws_access_key_id = "AK"
        aws_secret_access_key = "SK"
        endpoint_url = "{{url}}"
        [destination.athena.credentials]
        aws_access_key_id = "AK"
        aws_secret_access_key = "SK"
        region_name = "{{Moto.Region}}"
        endpoint_url = "{{url}}"
        """;

    private AthenaSettings Resolve() =>
        AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _warnings.Add, isLocal: false);
}

using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Calls;

/// <summary>Certificates of a company's own authority: AWS_CA_BUNDLE, and the same in code.</summary>
public sealed class CertificateBundleTests : IDisposable
{
    private const string Answer = """{"Database":{"Name":"ds"}}""";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_service_with_a_certificate_of_the_bundle_is_called()
    {
        await using var server = new TlsServer(Answer);
        _folder.Write("ca.pem", server.Pem);
        await using var account = Open(server.Url, _folder.File("ca.pem"));
        Assert.Equal("ds", (await account.Glue.GetDatabaseAsync("ds", Cancellation))!.Name);
    }

    [Fact]
    public async Task Without_the_bundle_the_certificate_is_refused()
    {
        await using var server = new TlsServer(Answer);
        await using var account = Open(server.Url, null);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("", "has no certificate in PEM form"), InlineData(null, "cannot be read")]
    public void A_bundle_without_certificates_is_refused_before_any_call(string? content, string said)
    {
        if (content is not null) _folder.Write("ca.pem", content);
        var error = Assert.Throws<ConfigurationException>(() => Open("https://localhost:1", _folder.File("ca.pem")));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("ca.pem"), error.Message, StringComparison.Ordinal);
    }

    private static AwsAccount Open(string url, string? bundle) =>
        AwsAccount.Open(new() { Credentials = Moto.Credentials(url) with { CertificateBundle = bundle }, BucketUrl = "s3://lake" });
}

using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Amazon;
using Amazon.Runtime;
using Dlt.Aws;

namespace Dlt.Tests.Aws.Signing;

public class SigV4HandlerTests
{
    [Theory]
    [InlineData("GET", "https://glue.eu-west-1.amazonaws.com/iceberg/v1/config?warehouse=123%3As3tablescatalog%2Fb", "")]
    [InlineData("GET", "https://glue.eu-west-1.amazonaws.com/iceberg/v1/catalogs/:/namespaces/a%1Fb/tables?pageToken=", "")]
    [InlineData("GET", "https://glue.eu-west-1.amazonaws.com/iceberg/v1/config?pageToken&a=1", "")]
    [InlineData(
        "POST",
        "https://s3tables.eu-west-1.amazonaws.com/iceberg/v1/arn%3Aaws%3As3tables%3Aeu-west-1%3A1%3Abucket%2Fb"
        + "/namespaces/n/tables/t%20x?b=2&a=1%202",
        "{}")]
    public async Task The_signature_is_that_of_the_path_encoded_once_more(string method, string url, string body)
    {
        var sent = new Sent();
        var service = new Uri(url).Host.Split('.')[0];
        using var http = new HttpClient(
            new SigV4Handler(new SessionAWSCredentials("AKID", "secret", "session"), RegionEndpoint.EUWest1, service, sent));
        using var request = new HttpRequestMessage(new(method), url)
        { Content = body.Length > 0 ? new StringContent(body, Encoding.UTF8, "application/json") : null };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(url, sent.Url);
        var authorization = sent.Headers["Authorization"];
        Assert.StartsWith($"AWS4-HMAC-SHA256 Credential=AKID/{sent.Headers["X-Amz-Date"][..8]}/eu-west-1/{service}/aws4_request, ",
            authorization, StringComparison.Ordinal);
        var names = Part(authorization, "SignedHeaders=").Split(';');
        Assert.Superset(new HashSet<string> { "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token" }, names.ToHashSet());
        Assert.Equal(Signature(method, new Uri(url), body, names, sent.Headers, service), Part(authorization, "Signature="));
    }

    /// <summary>Computes the signature by AWS's description, without the SDK.</summary>
    private static string Signature(string method, Uri uri, string body, string[] names, Dictionary<string, string> headers, string service)
    {
        var path = string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));
        var query = string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains('=') ? p : p + "=").Order(StringComparer.Ordinal));
        var signed = string.Concat(names.Select(n => $"{n}:{(n == "host" ? uri.Host : Header(n))}\n"));
        var hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var canonical = $"{method}\n{path}\n{query}\n{signed}\n{string.Join(';', names)}\n{hash}";
        var date = headers["X-Amz-Date"];
        var scope = $"{date[..8]}/eu-west-1/{service}/aws4_request";
        var key = new[] { date[..8], "eu-west-1", service, "aws4_request" }.Aggregate(
            Encoding.UTF8.GetBytes("AWS4secret"), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Hex(HMACSHA256.HashData(
            key, Encoding.UTF8.GetBytes($"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}")));

        string Header(string name) => headers.First(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
    }

    private static string Part(string authorization, string name) =>
        authorization[(authorization.IndexOf(name, StringComparison.Ordinal) + name.Length)..].Split(',')[0];

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLower(CultureInfo.InvariantCulture);

    private sealed class Sent : HttpMessageHandler
    {
        public string? Url { get; private set; }

        public Dictionary<string, string> Headers { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Url = request.RequestUri!.AbsoluteUri;
            foreach (var (name, values) in request.Headers) Headers[name] = string.Join(',', values);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
        }
    }
}

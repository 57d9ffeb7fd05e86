using System.Text;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.S3;

namespace Dlt.Aws;

/// <summary>Signs the calls of a REST catalog of AWS (spec/iceberg.md 9.3). The path is signed as it is sent, encoded once more.</summary>
internal sealed class SigV4Handler(AWSCredentials credentials, RegionEndpoint region, string service, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private readonly AWS4Signer _signer = new();
    private readonly AmazonS3Config _config = new() { AuthenticationRegion = region.SystemName, AuthenticationServiceName = service };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var keys = await credentials.GetCredentialsAsync().ConfigureAwait(false);
        var toSign = new DefaultRequest(new RestCall(), service)
        {
            HttpMethod = request.Method.Method, Endpoint = new Uri(uri.GetLeftPart(UriPartial.Authority)), ResourcePath = uri.AbsolutePath,
            Content = body, OverrideSigningServiceName = service, AuthenticationRegion = region.SystemName,
            UseQueryString = true,
            UseDoubleEncoding = false,   // the path is encoded already
        };
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];   // without '=' the value is empty
            toSign.Parameters[Uri.UnescapeDataString(name)] = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }

        if (keys.UseToken) toSign.Headers["X-Amz-Security-Token"] = keys.Token;
        var signature = _signer.SignRequest(toSign, _config, null, keys.AccessKey, keys.SecretKey);
        request.Headers.Remove("Authorization");
        foreach (var (name, value) in toSign.Headers)
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase)) request.Headers.TryAddWithoutValidation(name, value);
        request.Headers.TryAddWithoutValidation("Authorization", signature.ForAuthorizationHeader);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private sealed class RestCall : AmazonWebServiceRequest;
}

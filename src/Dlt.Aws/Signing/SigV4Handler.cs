using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.S3;

namespace Dlt.Aws;

/// <summary>Signs HTTP requests for AWS, such as those of an Iceberg REST catalog.</summary>
/// <remarks>The path is signed as it is sent, encoded once more. The body of a request is read into memory.</remarks>
public sealed class SigV4Handler : DelegatingHandler
{
    private readonly AWSCredentials _credentials;
    private readonly RegionEndpoint _region;
    private readonly string _service;
    private readonly AWS4Signer _signer = new();
    private readonly AmazonS3Config _config;

    /// <summary>Creates a handler that signs with a login. Calls a service only to sign in.</summary>
    /// <param name="options">Login, and the region to sign for.</param>
    /// <param name="service">The signing name of the service, such as <c>glue</c> or <c>s3tables</c>.</param>
    /// <param name="inner">Handler that sends the signed requests.</param>
    /// <exception cref="ConfigurationException">A login or the region is missing or unknown, or the login has expired.</exception>
    public SigV4Handler(AwsCredentialOptions options, string service, HttpMessageHandler inner)
        : this(AwsLogin.Resolve(options), service, inner)
    {
    }

    internal SigV4Handler(AWSCredentials credentials, RegionEndpoint region, string service, HttpMessageHandler inner) : base(inner)
    {
        _credentials = credentials;
        _region = region;
        _service = service;
        _config = new() { AuthenticationRegion = region.SystemName, AuthenticationServiceName = service };
    }

    private SigV4Handler(AwsLogin login, string service, HttpMessageHandler inner)
        : this(login.Credentials, login.Region, service, inner)
    {
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var uri = request.RequestUri!;
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var keys = await _credentials.GetCredentialsAsync().ConfigureAwait(false);
        var toSign = new DefaultRequest(new RestCall(), _service)
        {
            HttpMethod = request.Method.Method,
            Endpoint = new Uri(uri.GetLeftPart(UriPartial.Authority)),
            ResourcePath = uri.AbsolutePath,
            Content = body,
            OverrideSigningServiceName = _service,
            AuthenticationRegion = _region.SystemName,
            UseQueryString = true,
            UseDoubleEncoding = false,   // the path is already encoded
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

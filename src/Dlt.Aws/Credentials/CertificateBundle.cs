using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amazon.Runtime;

namespace Dlt.Aws;

/// <summary>
/// Makes HTTP clients that trust the certificates of a file (<c>AWS_CA_BUNDLE</c>, as the AWS CLI and boto3 do) instead of those of the
/// system. Proxies come from the environment (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>NO_PROXY</c>) as without a bundle.
/// </summary>
internal sealed class CertificateBundle : HttpClientFactory
{
    private readonly string _path;
    private readonly X509Certificate2Collection _certificates;

    private CertificateBundle(string path, X509Certificate2Collection certificates)
    {
        _path = path;
        _certificates = certificates;
    }

    /// <summary>The bundle that options or the environment name; null for the certificates of the system.</summary>
    /// <exception cref="ConfigurationException">The file does not exist or contains no certificate.</exception>
    public static CertificateBundle? Of(AwsCredentialOptions options)
    {
        var path = options.CertificateBundle ?? AwsProfiles.Variable("AWS_CA_BUNDLE");
        return path is null ? null : new(path, Read(path, options));
    }

    /// <inheritdoc/>
    public override HttpClient CreateHttpClient(IClientConfig clientConfig)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(_certificates);
        handler.SslOptions.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
        if (clientConfig.GetWebProxy() is { } proxy) handler.Proxy = proxy;
        if (clientConfig.ConnectTimeout is { } limit) handler.ConnectTimeout = limit;
        if (clientConfig.MaxConnectionsPerServer is { } most) handler.MaxConnectionsPerServer = most;
        var client = new HttpClient(handler);
        if (clientConfig.Timeout is { } timeout) client.Timeout = timeout;
        return client;
    }

    /// <inheritdoc/>
    public override string GetConfigUniqueString(IClientConfig clientConfig) => string.Create(
        CultureInfo.InvariantCulture,
        $"dlt-certificates:{clientConfig.ConnectTimeout}:{clientConfig.MaxConnectionsPerServer}:{_path}");

    private static X509Certificate2Collection Read(string path, AwsCredentialOptions options)
    {
        var certificates = new X509Certificate2Collection();
        var place = options.CertificateBundle is null
            ? "the environment variable AWS_CA_BUNDLE"
            : options.Origin.PlaceOf(nameof(AwsCredentialOptions.CertificateBundle));
        try
        {
            certificates.ImportFromPemFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigurationException(
                $"The certificates of {path} cannot be read: {error.Message.TrimEnd('.')}. Nothing was run. Correct {place}.", error)
            { File = options.Origin.File };
        }

        return certificates.Count > 0 ? certificates : throw new ConfigurationException(
            $"{path} has no certificate in PEM form (-----BEGIN CERTIFICATE-----). Nothing was run. Correct {place}.")
        { File = options.Origin.File };
    }
}

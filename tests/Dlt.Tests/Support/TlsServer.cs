using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Dlt.Tests.Support;

/// <summary>An HTTPS server on loopback with a certificate that no system trusts. It gives every request the same JSON.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;

    public TlsServer(string body)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        _listener.Start();
        _serving = ServeAsync(Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: {body.Length}\r\n"
            + $"Connection: close\r\n\r\n{body}"));
    }

    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The certificate, as a bundle has it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
        _certificate.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        while (true)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await using var stream = new SslStream(client.GetStream());
                await stream.AuthenticateAsServerAsync(_certificate);
                await ReadRequestAsync(stream);
                await stream.WriteAsync(answer);
            }
            catch (Exception error) when (error is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The client does not trust the certificate.
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;   // the test ends
            }
        }
    }

    private static async Task ReadRequestAsync(Stream stream)
    {
        var buffer = new byte[1 << 16];
        var text = "";
        while (await stream.ReadAsync(buffer) is var count and > 0)
        {
            text += Encoding.Latin1.GetString(buffer, 0, count);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = text.Split("\r\n").FirstOrDefault(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            if (text.Length - end - 4 >= int.Parse(length?.Split(':')[1] ?? "0", System.Globalization.CultureInfo.InvariantCulture)) return;
        }
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>Tokens for a signed assertion (RFC 7523), as service accounts use them.</summary>
internal sealed class RestAssertionToken(RestAuth.JwtAssertion auth, RestTokenRequest send, TimeProvider time) : IRestTokenSource
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public string Title => "the JWT assertion of 'auth'";

    /// <inheritdoc/>
    public async Task<(string Token, TimeSpan Lifetime)> FetchAsync(CancellationToken cancellationToken)
    {
        var request = new RestRequest(HttpMethod.Post, auth.AuthEndpoint!)
        {
            Data = JsonValue.Object(("grant_type", JsonValue.String(GrantType)), ("assertion", JsonValue.String(Assertion()))),
        };
        foreach (var (name, value) in auth.Headers ?? []) request.Headers[name] = value;
        return RestTokenAnswer.Read(await send(request, cancellationToken).ConfigureAwait(false), auth.DefaultTokenExpiration);
    }

    private string Assertion()
    {
        var now = time.GetUtcNow();
        var claims = JsonValue.Object(
            ("iss", JsonValue.String(auth.ClientId)),
            ("sub", JsonValue.String(auth.ClientId)),
            ("aud", JsonValue.String(auth.AuthEndpoint)),
            ("exp", JsonValue.Integer((now + Lifetime).ToUnixTimeSeconds())),
            ("iat", JsonValue.Integer(now.ToUnixTimeSeconds())));
        if (!auth.Scopes.IsDefaultOrEmpty) claims = claims.With("scope", JsonValue.String(string.Join(' ', auth.Scopes)));
        var header = JsonValue.Object(("alg", JsonValue.String("RS256")), ("typ", JsonValue.String("JWT")));
        var signed = $"{Encoded(JsonText.WriteUtf8(header))}.{Encoded(JsonText.WriteUtf8(claims))}";
        using var key = Key();
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Encoded(signature)}";
    }

    private RSA Key()
    {
        var key = RSA.Create();
        var pem = auth.PrivateKey!.Replace("\\n", "\n", StringComparison.Ordinal);   // as keys stand in environment variables
        try
        {
            if (string.IsNullOrEmpty(auth.PrivateKeyPassphrase)) key.ImportFromPem(pem);
            else key.ImportFromEncryptedPem(pem, auth.PrivateKeyPassphrase);
            return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new ConfigurationException(
                "The private key of the JWT assertion cannot be read: it is no RSA key in PEM, or the passphrase is wrong. "
                + "Nothing of this run was loaded, and the state is as before. "
                + "Write the key with its lines -----BEGIN … KEY----- and -----END … KEY----- into private_key, "
                + "and private_key_passphrase if it is encrypted.", error)
            { Fields = ["private_key"] };
        }
    }

    private static string Encoded(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}

using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>How a <see cref="RestCatalog"/> is reached (Iceberg REST catalog specification).</summary>
public sealed record RestCatalogOptions
{
    /// <summary>The warehouse that the server is asked for: a name, an account id, an ARN; null for its default.</summary>
    public string? Warehouse { get; init; }

    /// <summary>A bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary><c>client-id:secret</c>, for which a token is fetched and renewed; null for none.</summary>
    public string? Credential { get; init; }

    /// <summary>Where tokens are fetched; null for what the server's configuration says, else its own <c>v1/oauth/tokens</c>.</summary>
    public Uri? OAuth2ServerUri { get; init; }

    /// <summary>The scope of tokens.</summary>
    public string Scope { get; init; } = "catalog";

    /// <summary>Further headers of every call.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sends the calls: for proxies, signatures, tests; null for the system's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>
    /// Opens the store of a table in S3, by what the server says of it: <c>s3.access-key-id</c>, <c>s3.secret-access-key</c>,
    /// <c>s3.session-token</c>, <c>client.region</c>, <c>s3.endpoint</c>, as far as it does.
    /// Null for tables whose files lie on a disk.
    /// </summary>
    public Func<IReadOnlyDictionary<string, string>, IObjectStore>? OpenStore { get; init; }

    /// <summary>What may be shown: no token, no credential, no header.</summary>
    public override string ToString() => $"{nameof(RestCatalogOptions)} {{ Warehouse = {Warehouse}, Scope = {Scope} }}";
}

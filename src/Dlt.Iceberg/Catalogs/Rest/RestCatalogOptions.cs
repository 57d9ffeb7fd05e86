using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Options of a <see cref="RestCatalog"/>: warehouse, login and object store (Iceberg REST catalog specification).</summary>
public sealed record RestCatalogOptions
{
    /// <summary>Warehouse of the server: a name, an account id or an ARN, as the server defines it; null for its default.</summary>
    public string? Warehouse { get; init; }

    /// <summary>Bearer token for every call; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>OAuth2 credential <c>client-id:secret</c>, with which tokens are fetched and renewed; null for none.</summary>
    public string? Credential { get; init; }

    /// <summary>Address of the token endpoint; null for the one in the configuration of the server, or else its
    /// <c>v1/oauth/tokens</c>.</summary>
    public Uri? OAuth2ServerUri { get; init; }

    /// <summary>OAuth2 scope of the tokens.</summary>
    public string Scope { get; init; } = "catalog";

    /// <summary>Additional headers of every call.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Sends the calls, for example through a proxy or with a signature; null for the default of the system. The catalog does not
    /// dispose it.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>
    /// Opens the object store of a table in S3 from the configuration that the server sends. It may contain <c>s3.access-key-id</c>,
    /// <c>s3.secret-access-key</c>, <c>s3.session-token</c>, <c>client.region</c> and <c>s3.endpoint</c>. Null when the files of the tables
    /// are on a disk.
    /// </summary>
    public Func<IReadOnlyDictionary<string, string>, IObjectStore>? OpenStore { get; init; }

    /// <summary>Returns warehouse and scope. Token, credential and headers are left out because they are secret.</summary>
    public override string ToString() => $"{nameof(RestCatalogOptions)} {{ Warehouse = {Warehouse}, Scope = {Scope} }}";
}

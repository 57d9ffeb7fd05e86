using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>
/// Catalog of a server with the Iceberg REST protocol, such as Glue, S3 Tables, Polaris, Lakekeeper and Nessie (Iceberg REST catalog
/// specification). A commit sends its updates and requirements, and the server writes the metadata. Dots separate the levels of a
/// namespace: <c>a.b</c>.
/// </summary>
public sealed class RestCatalog : Catalog, IDisposable
{
    private const char LevelSeparator = '\u001F';

    private readonly Uri _uri;
    private readonly RestCatalogOptions _options;
    private readonly RestClient _client;
    private readonly VendedStores _stores;
    private readonly SemaphoreSlim _lock = new(1);
    private Configuration? _configuration;

    /// <summary>Creates a catalog. It does not call the server yet.</summary>
    /// <param name="uri">Address of the server, without <c>/v1</c>.</param>
    /// <param name="options">Warehouse, login and object store; null for the defaults.</param>
    /// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
    public RestCatalog(Uri uri, RestCatalogOptions? options = null, TimeProvider? time = null) : base(time)
    {
        _uri = uri;
        _options = options ?? new();
        _client = new(uri, _options, new(Time, text => Warn?.Invoke(text)));
        _stores = new(_options.OpenStore);
        Files = new LocationFileIO(_options.OpenStore is null ? null : () => _stores.Of(ImmutableDictionary<string, string>.Empty));
    }

    /// <inheritdoc/>
    public override IFileIO Files { get; }

    internal override bool WritesMetadata => false;

    internal override bool NamesMetadata => false;

    /// <summary>Creates a namespace.</summary>
    /// <param name="namespace">Name of the namespace; dots separate its levels.</param>
    /// <param name="properties">Properties of the namespace; null for none.</param>
    /// <param name="cancellationToken">Cancels the call. The namespace may have been created already.</param>
    /// <exception cref="IcebergException">The namespace already exists, or the server refuses the call.</exception>
    public async Task CreateNamespaceAsync(
        string @namespace, IReadOnlyDictionary<string, string>? properties = null, CancellationToken cancellationToken = default)
    {
        var body = JsonValue.Object(
            ("namespace", Levels(@namespace)),
            ("properties", Texts(properties ?? ImmutableDictionary<string, string>.Empty)));
        var answer = await CallAsync(HttpMethod.Post, "namespaces", body, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 409)
            throw new IcebergException(IcebergError.AlreadyExists, $"Namespace '{@namespace}' already exists. It was not changed.");
        if (!answer.IsSuccess) throw Refused($"create namespace '{@namespace}'", answer);
    }

    /// <inheritdoc/>
    public override async Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var answer = await CallAsync(HttpMethod.Get, TablePath(identifier), null, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404) return null;
        if (!answer.IsSuccess) throw Refused($"load table '{identifier}'", answer);
        return TableOf(identifier, answer.Body, null);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (string? page = ""; page is not null;)
        {
            var path = $"namespaces/{NamespacePath(@namespace)}/tables?pageToken={Uri.EscapeDataString(page)}";
            var answer = await CallAsync(HttpMethod.Get, path, null, cancellationToken).ConfigureAwait(false);
            if (answer.Status == 404) yield break;
            if (!answer.IsSuccess) throw Refused($"list the tables of '{@namespace}'", answer);
            foreach (var table in Member(answer, "identifiers").Items) yield return new(@namespace, table["name"]!.AsString());
            page = answer.Body["next-page-token"] is { Kind: JsonKind.String } next && next.AsString().Length > 0 ? next.AsString() : null;
        }
    }

    /// <inheritdoc/>
    public override async Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        // S3 Tables cannot keep the files of a dropped table and refuse the call without a purge.
        var answer = await CallAsync(HttpMethod.Delete, TablePath(identifier) + "?purgeRequested=false", null, cancellationToken)
            .ConfigureAwait(false);
        if (answer.Status == 400 && answer.Message.Contains("purge", StringComparison.OrdinalIgnoreCase))
            answer = await CallAsync(HttpMethod.Delete, TablePath(identifier) + "?purgeRequested=true", null, cancellationToken)
                .ConfigureAwait(false);
        if (answer.Status == 404)
            throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.");
        if (!answer.IsSuccess) throw Refused($"drop table '{identifier}'", answer);
    }

    /// <summary>Closes the connections to the server and to the object stores of its tables.</summary>
    public void Dispose()
    {
        _stores.Dispose();
        _client.Dispose();
        _lock.Dispose();
    }

    internal override async Task<Table> CreateTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var body = JsonValue.Object(
            ("name", JsonValue.String(identifier.Name)),
            ("schema", SchemaJson.Write(metadata.CurrentSchema)),
            ("partition-spec", metadata.DefaultSpec.Write()),
            ("write-order", metadata.SortOrders.First(o => o.OrderId == metadata.DefaultSortOrderId).Write()),
            ("stage-create", JsonValue.Bool(false)),
            ("properties", Texts(metadata.Properties.SetItems(VersionOf(metadata)))));
        if (metadata.Location.Length > 0) body = body.With("location", JsonValue.String(metadata.Location));
        var path = $"namespaces/{NamespacePath(identifier.Namespace)}/tables";
        var answer = await CallAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
        if (answer.IsSuccess) return TableOf(identifier, answer.Body, null);
        throw answer.Status switch
        {
            409 => new IcebergException(IcebergError.AlreadyExists, $"Table '{identifier}' already exists. It was not changed."),
            404 => new IcebergException(IcebergError.NotFound, $"There is no namespace '{identifier.Namespace}'. Nothing was created."),
            _ when answer.IsUnknown => new IcebergException(
                IcebergError.CommitStateUnknown,
                $"The answer to the creation of table '{identifier}' was lost ({answer.Message}), so the table may exist. Load it to find "
                + "out."),
            _ => Refused($"create table '{identifier}'", answer),
        };
    }

    /// <summary>The property that selects the version of a new table, if it is not the usual one.</summary>
    private static Dictionary<string, string> VersionOf(TableMetadata metadata) => metadata.FormatVersion == TableMetadata.WrittenVersion
        ? []
        : new() { [ReservedProperties.FormatVersion] = metadata.FormatVersion.ToString(CultureInfo.InvariantCulture) };

    internal override async Task<CommitResult> CommitTableAsync(
        Table basis, TableCommit commit, CancellationToken cancellationToken)
    {
        var identifier = basis.Identifier!;
        var sent = JsonValue.Object(("namespace", Levels(identifier.Namespace)), ("name", JsonValue.String(identifier.Name)));
        var body = TableCommitJson.Write(sent, commit);
        var configuration = await ConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var key = configuration.SupportsIdempotencyKeys ? Guid.CreateVersion7().ToString("D") : null;
        var answer = await CallAsync(HttpMethod.Post, TablePath(identifier), body, cancellationToken, key).ConfigureAwait(false);
        if (answer.Status == 409) return CommitResult.Conflict;
        if (answer.IsUnknown) return CommitResult.Unknown(null);
        if (!answer.IsSuccess) throw Refused($"commit to table '{basis.Name}'", answer);
        try
        {
            return CommitResult.Committed(TableOf(identifier, answer.Body, basis.Files));
        }
        catch (IcebergException)
        {
            // The commit is made although its answer cannot be read, so its files must stay.
            return CommitResult.Unknown(null);
        }
    }

    /// <summary>Returns an empty text, because the server chooses the folder.</summary>
    internal override Task<string> DefaultLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        Task.FromResult("");

    private async Task<RestAnswer> CallAsync(
        HttpMethod method, string path, JsonValue? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        var configuration = await ConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var root = configuration.Prefix is { } prefix ? $"v1/{prefix}/" : "v1/";
        return await _client.CallAsync(method, root + path, body, idempotencyKey, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the configuration of the server, which is read once.</summary>
    private async Task<Configuration> ConfigurationAsync(CancellationToken cancellationToken)
    {
        if (_configuration is { } known) return known;
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_configuration is { } found) return found;
            var query = _options.Warehouse is { } warehouse ? "?warehouse=" + Uri.EscapeDataString(warehouse) : "";
            var answer = await _client.CallAsync(HttpMethod.Get, "v1/config" + query, null, null, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess) throw Refused("report its configuration", answer);
            var configuration = Configuration.Of(answer.Body);
            if (_options.OAuth2ServerUri is null && configuration.All.TryGetValue("oauth2-server-uri", out var tokens))
                _client.TokenUri = new Uri(new Uri(_uri.AbsoluteUri.TrimEnd('/') + "/"), tokens);
            return _configuration = configuration;
        }
        finally
        {
            _lock.Release();
        }
    }

    private Table TableOf(TableIdentifier identifier, JsonValue answer, IFileIO? files)
    {
        var location = answer["metadata-location"] is { Kind: JsonKind.String } given ? given.AsString() : "";
        var body = answer["metadata"] ?? throw new IcebergException(
            IcebergError.Corrupt, $"The answer of {SafeUrl.Of(_uri)} has no metadata of table '{identifier}'. Nothing was changed.");
        var metadata = TableMetadataJson.Read(body, SafeUrl.Of(location.Length > 0 ? location : _uri.AbsoluteUri));
        return new Table(identifier, metadata, location, files ?? FilesOf(identifier, answer, metadata), this);
    }

    /// <summary>Returns file access with the credentials that the server vends. They are renewed before they expire.</summary>
    private IFileIO FilesOf(TableIdentifier identifier, JsonValue answer, TableMetadata metadata)
    {
        if (_options.OpenStore is null) return Files;
        var config = ConfigOf(answer, metadata.Location);
        return new LocationFileIO(OpenStore);

        IObjectStore OpenStore() =>
            VendedStores.EndOf(config) is null ? _stores.Of(config) : new RenewedStore(_stores, config, RenewAsync, Time);

        async Task<ImmutableDictionary<string, string>> RenewAsync(CancellationToken cancellationToken)
        {
            var now = await CallAsync(HttpMethod.Get, TablePath(identifier), null, cancellationToken).ConfigureAwait(false);
            if (!now.IsSuccess) throw Refused($"vend credentials for table '{identifier}'", now);
            return ConfigOf(now.Body, metadata.Location);
        }
    }

    /// <summary>Returns the configuration of a table: that of the server, then that of the answer, then the vended credentials with the
    /// longest prefix of the location.</summary>
    private ImmutableDictionary<string, string> ConfigOf(JsonValue answer, string location)
    {
        JsonValue? vended = null;
        if (answer["storage-credentials"] is { Kind: JsonKind.Array } list)
        {
            var matching = list.Items.Where(c => location.StartsWith(c["prefix"]?.AsString() ?? "", StringComparison.Ordinal));
            vended = matching.MaxBy(c => c["prefix"]?.AsString().Length ?? 0);
        }

        var all = _configuration?.All ?? ImmutableDictionary<string, string>.Empty;
        return all.SetItems(Configuration.Texts(answer["config"])).SetItems(Configuration.Texts(vended?["config"]));
    }

    private static JsonValue Member(RestAnswer answer, string name) =>
        answer.Body[name] ?? throw new IcebergException(
            IcebergError.Corrupt, $"The answer of the catalog has no member '{name}'. Nothing was changed.");

    private static string TablePath(TableIdentifier identifier) =>
        $"namespaces/{NamespacePath(identifier.Namespace)}/tables/{Uri.EscapeDataString(identifier.Name)}";

    private static string NamespacePath(string @namespace) => Uri.EscapeDataString(@namespace.Replace('.', LevelSeparator));

    private static JsonValue Texts(IEnumerable<KeyValuePair<string, string>> texts) =>
        JsonValue.Object(texts.Select(t => KeyValuePair.Create(t.Key, JsonValue.String(t.Value))));

    private static JsonValue Levels(string @namespace) => JsonValue.Array([.. @namespace.Split('.').Select(JsonValue.String)]);

    private IcebergException Refused(string what, RestAnswer answer)
    {
        var kind = answer.Status switch
        {
            400 or 406 or 422 => IcebergError.Illegal,
            404 => IcebergError.NotFound,
            _ => IcebergError.Refused,
        };
        return new(
            kind,
            $"{SafeUrl.Of(_uri)} did not {what}: {answer.Message}. Nothing was changed. Check the address, the warehouse and the login, "
            + "then try again.")
        {
            IsTransient = answer.Status is 0 or 429 or >= 500,
        };
    }

    /// <summary>Configuration of the server: its defaults, replaced by its overrides.</summary>
    /// <param name="All">Values by key.</param>
    /// <param name="SupportsIdempotencyKeys">True when the server recognizes a repeated call by its idempotency key.</param>
    private sealed record Configuration(ImmutableDictionary<string, string> All, bool SupportsIdempotencyKeys)
    {
        public string? Prefix => All.GetValueOrDefault("prefix");

        public static Configuration Of(JsonValue body) =>
            new(Texts(body["defaults"]).SetItems(Texts(body["overrides"])), body["idempotency-key-lifetime"] is { IsNull: false });

        public static ImmutableDictionary<string, string> Texts(JsonValue? json)
        {
            if (json is not { Kind: JsonKind.Object }) return ImmutableDictionary<string, string>.Empty;
            var texts = json.Members.Where(m => m.Value.Kind == JsonKind.String);
            return texts.ToImmutableDictionary(m => m.Key, m => m.Value.AsString(), StringComparer.Ordinal);
        }
    }
}

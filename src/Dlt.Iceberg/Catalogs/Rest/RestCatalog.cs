using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>
/// Tables of a server that speaks Iceberg's REST protocol: Glue, S3 Tables, Polaris, Lakekeeper, Nessie and others (Iceberg REST catalog
/// specification). A commit sends its updates and requirements; the server writes the metadata.
/// Namespaces of several levels are written with points: <c>a.b</c>.
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

    /// <summary>A catalog; nothing is called yet.</summary>
    /// <param name="uri">The server's address, without <c>/v1</c>.</param>
    /// <param name="options">Warehouse, login, store.</param>
    /// <param name="time">The clock.</param>
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

    /// <summary>Makes a namespace.</summary>
    /// <exception cref="IcebergException">It is there already, or the server refuses.</exception>
    public async Task CreateNamespaceAsync(string @namespace, IReadOnlyDictionary<string, string>? properties = null,
        CancellationToken cancellationToken = default)
    {
        var body = JsonValue.Object(
            ("namespace", Levels(@namespace)),
            ("properties", JsonValue.Object((properties ?? ImmutableDictionary<string, string>.Empty)
                .Select(p => KeyValuePair.Create(p.Key, JsonValue.String(p.Value))))));
        var answer = await CallAsync(HttpMethod.Post, "namespaces", body, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 409)
            throw new IcebergException(IcebergError.AlreadyExists, $"Namespace '{@namespace}' is there already. It was not changed.");
        if (!answer.IsSuccess) throw Refused($"make namespace '{@namespace}'", answer);
    }

    /// <inheritdoc/>
    public override async Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        var answer = await CallAsync(HttpMethod.Get, TablePath(identifier), null, cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404) return null;
        return answer.IsSuccess
            ? TableOf(identifier, answer.Body, null) : throw Refused($"load table '{identifier}'", answer);
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
        // S3 Tables keep no files without a table, and say so.
        var answer = await CallAsync(HttpMethod.Delete, TablePath(identifier) + "?purgeRequested=false", null, cancellationToken)
            .ConfigureAwait(false);
        if (answer.Status == 400 && answer.Message.Contains("purge", StringComparison.OrdinalIgnoreCase))
            answer = await CallAsync(HttpMethod.Delete, TablePath(identifier) + "?purgeRequested=true", null, cancellationToken)
                .ConfigureAwait(false);
        if (answer.Status == 404)
            throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.");
        if (!answer.IsSuccess) throw Refused($"drop table '{identifier}'", answer);
    }

    /// <summary>Gives the connections back, those of the tables' stores too.</summary>
    public void Dispose()
    {
        _stores.Dispose();
        _client.Dispose();
        _lock.Dispose();
    }

    internal override async Task<Table> CreateTableAsync(TableIdentifier identifier, TableMetadata metadata,
        CancellationToken cancellationToken)
    {
        var body = JsonValue.Object(
            ("name", JsonValue.String(identifier.Name)), ("schema", SchemaJson.Write(metadata.CurrentSchema)),
            ("partition-spec", metadata.DefaultSpec.Write()),
            ("write-order", metadata.SortOrders.First(o => o.OrderId == metadata.DefaultSortOrderId).Write()),
            ("stage-create", JsonValue.Bool(false)),
            ("properties", JsonValue.Object(metadata.Properties.Select(p => KeyValuePair.Create(p.Key, JsonValue.String(p.Value))))));
        if (metadata.Location.Length > 0) body = body.With("location", JsonValue.String(metadata.Location));
        var answer = await CallAsync(HttpMethod.Post, $"namespaces/{NamespacePath(identifier.Namespace)}/tables", body, cancellationToken)
            .ConfigureAwait(false);
        if (answer.IsSuccess) return TableOf(identifier, answer.Body, null);
        throw answer.Status switch
        {
            409 => new IcebergException(IcebergError.AlreadyExists, $"Table '{identifier}' is there already. It was not changed."),
            404 => new IcebergException(IcebergError.NotFound, $"There is no namespace '{identifier.Namespace}'. Nothing was made."),
            _ when answer.IsUnknown =>
                new IcebergException(IcebergError.CommitStateUnknown,
                    $"The answer to the making of table '{identifier}' was lost ({answer.Message}). Load it to see whether it is there."),
            _ => Refused($"make table '{identifier}'", answer),
        };
    }

    internal override async Task<CommitResult> CommitTableAsync(
        Table basis, TableCommit commit, CancellationToken cancellationToken)
    {
        var identifier = basis.Identifier!;
        var sent = JsonValue.Object(("namespace", Levels(identifier.Namespace)), ("name", JsonValue.String(identifier.Name)));
        var body = TableCommitJson.Write(sent, commit);
        var key = (await ConfigurationAsync(cancellationToken).ConfigureAwait(false)).KnowsCallsAgain
            ? Guid.CreateVersion7().ToString("D") : null;
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
            // The commit is made, and its answer cannot be read: the files of the commit are the table's.
            return CommitResult.Unknown(null);
        }
    }

    /// <summary>The server chooses.</summary>
    internal override Task<string> DefaultLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken) =>
        Task.FromResult("");

    private async Task<RestAnswer> CallAsync(HttpMethod method, string path, JsonValue? body,
        CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        var configuration = await ConfigurationAsync(cancellationToken).ConfigureAwait(false);
        return await _client.CallAsync(method, $"v1/{(configuration.Prefix is { } prefix ? prefix + "/" : "")}{path}",
            body, idempotencyKey, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asked for once.</summary>
    private async Task<Configuration> ConfigurationAsync(CancellationToken cancellationToken)
    {
        if (_configuration is { } known) return known;
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_configuration is { } found) return found;
            var answer = await _client.CallAsync(HttpMethod.Get, "v1/config"
                + (_options.Warehouse is { } warehouse ? "?warehouse=" + Uri.EscapeDataString(warehouse) : ""),
                null, null, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccess) throw Refused("tell its configuration", answer);
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
        var body = answer["metadata"]
            ?? throw new IcebergException(
                IcebergError.Corrupt, $"{SafeUrl.Of(_uri)} answered without the metadata of '{identifier}'. Nothing was changed.");
        var metadata = TableMetadataJson.Read(body, SafeUrl.Of(location.Length > 0 ? location : _uri.AbsoluteUri));
        return new Table(identifier, metadata, location, files ?? FilesOf(identifier, answer, metadata), this);
    }

    /// <summary>Opens the store with the credentials that the server vends: those of the longest prefix that the table has.</summary>
    private IFileIO FilesOf(TableIdentifier identifier, JsonValue answer, TableMetadata metadata)
    {
        if (_options.OpenStore is null) return Files;
        var config = ConfigOf(answer, metadata.Location);
        return new LocationFileIO(() => VendedStores.EndOf(config) is null ? _stores.Of(config)
            : new RenewedStore(_stores, config, RenewAsync, Time));

        async Task<ImmutableDictionary<string, string>> RenewAsync(CancellationToken cancellationToken)
        {
            var now = await CallAsync(HttpMethod.Get, TablePath(identifier), null, cancellationToken).ConfigureAwait(false);
            return now.IsSuccess ? ConfigOf(now.Body, metadata.Location)
                : throw Refused($"vend credentials for table '{identifier}'", now);
        }
    }

    private ImmutableDictionary<string, string> ConfigOf(JsonValue answer, string location)
    {
        var vended = answer["storage-credentials"] is { Kind: JsonKind.Array } list
            ? list.Items.Where(c => location.StartsWith(c["prefix"]?.AsString() ?? "", StringComparison.Ordinal)).MaxBy(c =>
                c["prefix"]?.AsString().Length ?? 0)
            : null;
        var all = _configuration?.All ?? ImmutableDictionary<string, string>.Empty;
        return all.SetItems(Configuration.Texts(answer["config"])).SetItems(Configuration.Texts(vended?["config"]));
    }

    private static JsonValue Member(RestAnswer answer, string name) =>
        answer.Body[name] ?? throw new IcebergException(IcebergError.Corrupt, $"The catalog answered without '{name}'.");

    private static string TablePath(TableIdentifier identifier) =>
        $"namespaces/{NamespacePath(identifier.Namespace)}/tables/{Uri.EscapeDataString(identifier.Name)}";

    private static string NamespacePath(string @namespace) => Uri.EscapeDataString(@namespace.Replace('.', LevelSeparator));

    private static JsonValue Levels(string @namespace) => JsonValue.Array([.. @namespace.Split('.').Select(JsonValue.String)]);

    private IcebergException Refused(string what, RestAnswer answer)
    {
        var kind = answer.Status switch
        {
            400 or 406 or 422 => IcebergError.Illegal,
            404 => IcebergError.NotFound,
            _ => IcebergError.Refused,
        };
        return new(kind,
            $"{SafeUrl.Of(_uri)} did not {what}: {answer.Message}. Nothing was changed. "
            + "Check address, warehouse and login, then try again.")
        {
            IsTransient = answer.Status is 0 or 429 or >= 500,
        };
    }

    /// <summary>What the server says of itself: defaults, then what overrides them.</summary>
    private sealed record Configuration(ImmutableDictionary<string, string> All, bool KnowsCallsAgain)
    {
        public string? Prefix => All.GetValueOrDefault("prefix");

        public static Configuration Of(JsonValue body) =>
            new(Texts(body["defaults"]).SetItems(Texts(body["overrides"])), body["idempotency-key-lifetime"] is { IsNull: false });

        public static ImmutableDictionary<string, string> Texts(JsonValue? json) =>
            (json is { Kind: JsonKind.Object } ? json.Members.AsEnumerable() : [])
            .Where(m => m.Value.Kind == JsonKind.String).ToImmutableDictionary(m => m.Key, m => m.Value.AsString(), StringComparer.Ordinal);
    }
}

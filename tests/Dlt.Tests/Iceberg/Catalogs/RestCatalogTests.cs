using System.Text.Json.Nodes;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>The contract, against a server of the REST protocol.</summary>
public sealed class RestCatalogContractTests : CatalogContract
{
    private readonly TempFolder _warehouse = new();
    private readonly RestServer _server;
    private readonly RestCatalog _catalog;
    private RestCatalog? _later;

    public RestCatalogContractTests()
    {
        _server = new(_warehouse.Path) { Overrides = { ["prefix"] = "w1" } };
        _catalog = new(_server.Uri) { DataFileReader = new ParquetDataFileReader() };
        _catalog.CreateNamespaceAsync("shop").GetAwaiter().GetResult();
    }

    public override void Dispose()
    {
        _catalog.Dispose();
        _later?.Dispose();
        _server.DisposeAsync().AsTask().Wait();
        _warehouse.Dispose();
        base.Dispose();
    }

    private protected override Catalog Open(TempFolder folder, TimeProvider? time)
    {
        if (time is null) return _catalog;
        return _later ??= new(_server.Uri, time: time) { DataFileReader = new ParquetDataFileReader() };
    }
}

public sealed class RestCatalogTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RestServer _server;

    public RestCatalogTests() => _server = new(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Numbers { get; } = new([new(1, "n", new PrimitiveType(PrimitiveKind.Long))]);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_commit_has_updates_and_requirements()
    {
        var table = await AppendAsync(await CreateAsync());
        var first = _server.Calls[^1].Body!;
        Assert.Equal(["assert-table-uuid", "assert-ref-snapshot-id"], first["requirements"]!.AsArray()
            .Select(r => r!["type"]!.GetValue<string>()));
        Assert.Null(first["requirements"]![1]!["snapshot-id"]);
        Assert.Equal(["add-snapshot", "set-snapshot-ref"], Actions(first));
        Assert.Equal("""{"action":"set-snapshot-ref","ref-name":"main","snapshot-id":S,"type":"branch"}""".Replace(
            "S", $"{table.Metadata.CurrentSnapshot!.SnapshotId}"), first["updates"]![1]!.ToJsonString());
        await table.NewTransaction().UpdateSchema(s => s.AddColumn("b", new PrimitiveType(PrimitiveKind.String)))
            .UpdateSpec(s => s.AddField("n", Transform.Bucket(4)))
            .UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" }, ["write.parquet.compression-codec"])
            .CreateTag("v1").CommitAsync(Cancellation);
        var second = _server.Calls[^1].Body!;
        Assert.Equal(
            ["assert-table-uuid", "assert-last-assigned-field-id", "assert-current-schema-id",
                "assert-last-assigned-partition-id", "assert-default-spec-id", "assert-ref-snapshot-id"],
            second["requirements"]!.AsArray().Select(r => r!["type"]!.GetValue<string>()));
        Assert.Equal(["add-schema", "set-current-schema", "add-spec", "set-default-spec", "set-properties",
            "remove-properties", "set-snapshot-ref"], Actions(second));
        var now = await Catalog().LoadTableAsync(new("shop", "numbers"), Cancellation);
        Assert.Equal(["n", "b"], now.Metadata.CurrentSchema.Fields.Select(f => f.Name));
        Assert.Equal("me", now.Metadata.Properties["owner"]);
        Assert.Contains("v1", now.Metadata.Refs.Keys);
    }

    [Theory]
    [InlineData(200, true)]     // committed, with an empty answer
    [InlineData(500, true)]     // committed, with a lost answer
    [InlineData(502, false)]    // not committed
    [InlineData(503, false)]    // not committed: retried
    [InlineData(409, false)]    // another writer was faster: retried
    public async Task Whatever_a_server_answers_a_commit_is_made_once(int status, bool isDone)
    {
        var table = await CreateAsync();
        var isFirst = true;
        _server.Disturb = call =>
        {
            if (!isFirst || !call.StartsWith("POST", StringComparison.Ordinal)) return null;
            isFirst = false;
            return (status, isDone);
        };
        var unknown = status == 502 ? await Assert.ThrowsAsync<IcebergException>(() => AppendAsync(table)) : null;
        if (unknown is null) await AppendAsync(table);
        else Assert.Equal(IcebergError.CommitStateUnknown, unknown.Error);
        var now = await Catalog().LoadTableAsync(new("shop", "numbers"), Cancellation);
        Assert.Equal(unknown is null ? 1 : 0, now.Metadata.Snapshots.Length);
        Assert.Equal(unknown is null ? [new("1")] : [], await TableScanRows.ReadAsync(now.Scan()));
    }

    [Fact]
    public async Task A_lost_answer_to_a_change_without_a_snapshot_is_an_unknown_state()
    {
        var table = await CreateAsync();
        _server.Disturb = call => call.StartsWith("POST", StringComparison.Ordinal) ? (500, true) : null;
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" }).CommitAsync(Cancellation));
        Assert.Equal(IcebergError.CommitStateUnknown, error.Error);
        Assert.Single(_server.Calls, c => c.Call.StartsWith("POST", StringComparison.Ordinal)
            && c.Call.EndsWith("/numbers", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_knows_calls_by_a_key_is_sent_a_lost_commit_again(bool isDone)
    {
        _server.KnowsCallsAgain = true;
        var table = await CreateAsync();
        var losses = 2;
        _server.Disturb = call => call.StartsWith("POST", StringComparison.Ordinal) && losses-- > 0 ? (502, isDone) : null;
        table = await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" })
            .CommitAsync(Cancellation);
        Assert.Equal("me", table.Metadata.Properties["owner"]);
        var sent = _server.Calls.Where(c => c.Call == "POST namespaces/shop/tables/numbers").ToList();
        Assert.Equal(3, sent.Count);
        Assert.Single(sent.Select(c => c.Headers["Idempotency-Key"]).Distinct());
        Assert.Single((await Catalog().LoadTableAsync(new("shop", "numbers"), Cancellation)).Metadata.MetadataLog);
    }

    [Fact]
    public async Task A_refused_commit_has_the_servers_reason_and_leaves_no_files()
    {
        var table = await CreateAsync();
        _server.Disturb = call => call.StartsWith("POST", StringComparison.Ordinal) ? (403, false) : null;
        var error = await Assert.ThrowsAsync<IcebergException>(() => AppendAsync(table));
        Assert.Equal(IcebergError.Refused, error.Error);
        Assert.Contains("disturbed", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.avro", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_token_is_fetched_for_a_credential_and_renewed_when_it_is_refused()
    {
        var refusals = 1;
        _server.Disturb = call => call.StartsWith("GET config", StringComparison.Ordinal) && refusals-- > 0 ? (401, false) : null;
        using var catalog = new RestCatalog(
            _server.Uri, new() { Credential = "me:secret", Scope = "PRINCIPAL_ROLE:ALL", Warehouse = "my warehouse" });
        Assert.Null(await catalog.TryLoadTableAsync(new("shop", "nope"), Cancellation));
        Assert.Equal(["POST oauth/tokens", "GET config?warehouse=my%20warehouse", "POST oauth/tokens",
            "GET config?warehouse=my%20warehouse", "GET namespaces/shop/tables/nope"], _server.Calls.Select(c => c.Call));
        Assert.Equal("grant_type=client_credentials&client_secret=secret&scope=PRINCIPAL_ROLE%3AALL&client_id=me",
            _server.Calls[0].Body!.GetValue<string>());
        Assert.Equal("Bearer token-1", _server.Calls[^1].Headers["Authorization"]);
    }

    [Fact]
    public async Task The_store_of_a_table_gets_the_credentials_of_its_longest_prefix()
    {
        var account = Some.Account(_folder);
        await CreateAsync();
        _server.LoadAnswer["config"] = new JsonObject { ["client.region"] = "eu-central-1", ["s3.access-key-id"] = "table" };
        _server.LoadAnswer["storage-credentials"] = new JsonArray(
            new JsonObject { ["prefix"] = "file:", ["config"] = new JsonObject { ["s3.access-key-id"] = "short" } },
            new JsonObject { ["prefix"] = $"file://{_folder.Path}", ["config"] = new JsonObject { ["s3.access-key-id"] = "long" } },
            new JsonObject
            {
                ["prefix"] = "s3://other/and/longer/than/all/the/others/and/then/some/more",
                ["config"] = new JsonObject { ["s3.access-key-id"] = "other" },
            });
        IReadOnlyDictionary<string, string>? got = null;
        using var catalog = new RestCatalog(_server.Uri, new()
        {
            OpenStore = config =>
            {
                got = config;
                return account.Objects;
            },
        });
        var table = await catalog.LoadTableAsync(new("shop", "numbers"), Cancellation);
        Assert.Equal("vended-credentials", _server.Calls[^1].Headers["X-Iceberg-Access-Delegation"]);
        Assert.False(await table.Files.ExistsAsync("s3://lake/nothing", Cancellation));
        Assert.Equal(("long", "eu-central-1"), (got!["s3.access-key-id"], got["client.region"]));
    }

    [Fact]
    public async Task Namespaces_have_several_levels_and_lists_have_several_pages()
    {
        _server.PageSize = 2;
        using var catalog = Catalog();
        await catalog.CreateNamespaceAsync("a.b", cancellationToken: Cancellation);
        for (var i = 0; i < 5; i++) await catalog.CreateTableAsync(new("a.b", $"t {i}"), Numbers, cancellationToken: Cancellation);
        Assert.Equal(
            ["a.b.t 0", "a.b.t 1", "a.b.t 2", "a.b.t 3", "a.b.t 4"],
            await catalog.ListTablesAsync("a.b", Cancellation).Select(t => t.ToString()).ToListAsync(Cancellation));
        Assert.Contains(_server.Calls, c => c.Call == "GET namespaces/a%1Fb/tables?pageToken=4");
        await AppendAsync(await catalog.LoadTableAsync(new("a.b", "t 3"), Cancellation));
        Assert.Equal([new("1")], await TableScanRows.ReadAsync((await catalog.LoadTableAsync(new("a.b", "t 3"), Cancellation)).Scan()));
        Assert.Equal(IcebergError.AlreadyExists,
            (await Assert.ThrowsAsync<IcebergException>(() => catalog.CreateNamespaceAsync("a.b", cancellationToken: Cancellation))).Error);
        Assert.Equal(IcebergError.NotFound,
            (await Assert.ThrowsAsync<IcebergException>(
                () => catalog.CreateTableAsync(new("nowhere", "t"), Numbers, cancellationToken: Cancellation))).Error);
    }

    [Fact]
    public async Task A_missing_server_is_an_error_of_one_line()
    {
        using var catalog = new RestCatalog(new Uri("http://127.0.0.1:1/nothing"));
        var error = await Assert.ThrowsAsync<IcebergException>(() => catalog.LoadTableAsync(new("shop", "numbers"), Cancellation));
        Assert.Equal(IcebergError.Refused, error.Error);
        Assert.StartsWith("http://127.0.0.1:1/nothing did not report its configuration: ", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Actions(JsonNode body) => body["updates"]!.AsArray().Select(u => u!["action"]!.GetValue<string>());

    private static async Task<Table> AppendAsync(Table table)
    {
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([1L], Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private RestCatalog Catalog() => new(_server.Uri) { DataFileReader = new ParquetDataFileReader() };

    private async Task<Table> CreateAsync()
    {
        var catalog = Catalog();
        await catalog.CreateNamespaceAsync("shop", cancellationToken: Cancellation);
        var quick = new Dictionary<string, string> { ["commit.status-check.min-wait-ms"] = "1", ["commit.retry.min-wait-ms"] = "1" };
        return await catalog.CreateTableAsync(new("shop", "numbers"), Numbers, properties: quick, cancellationToken: Cancellation);
    }
}

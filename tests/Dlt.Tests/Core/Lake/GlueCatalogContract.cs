using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Core.Lake;

/// <summary>The contract that every Glue catalog fulfils, local or on AWS.</summary>
public abstract class GlueCatalogContract
{
    private readonly string _database = "db_" + Guid.NewGuid().ToString("N")[..8];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<IGlueCatalog> OpenAsync();

    [Fact, Scenario("T-36")]
    public async Task A_database_is_found_by_its_lower_case_name_and_made_once()
    {
        var glue = await OpenAsync();
        Assert.Null(await glue.GetDatabaseAsync(_database, Cancellation));
        await glue.CreateDatabaseAsync(new() { Name = _database, Description = "games", LocationUri = "s3://b/x" }, Cancellation);
        var database = await glue.GetDatabaseAsync(_database.ToUpperInvariant(), Cancellation);
        Assert.Equal((_database, "games", "s3://b/x"), (database!.Name, database.Description, database.LocationUri));
        var again = await Assert.ThrowsAsync<GlueException>(() => glue.CreateDatabaseAsync(new() { Name = _database }, Cancellation));
        Assert.True(again.IsAlreadyExists);
    }

    [Fact]
    public async Task A_table_is_answered_as_it_was_defined()
    {
        var glue = await OpenWithDatabaseAsync();
        var input = Table("games", "id", "white__username");
        await glue.CreateTableAsync(_database, input, Cancellation);
        var table = await glue.GetTableAsync(_database, "GAMES", Cancellation);
        Assert.Equal("s3://b/games/", table!.Location);
        Assert.Equal(["id", "white__username"], table.Columns.Select(c => c.Name));
        Assert.Equal(["bigint", "bigint"], table.Columns.Select(c => c.Type));
        Assert.Equal("parquet", table.Definition.Parameters!["classification"]);
        Assert.Equal("EXTERNAL_TABLE", table.Definition.TableType);
        Assert.Equal(
            input.StorageDescriptor!.SerdeInfo!.SerializationLibrary, table.Definition.StorageDescriptor!.SerdeInfo!.SerializationLibrary);
        Assert.False(table.IsIceberg);
        Assert.True((await Assert.ThrowsAsync<GlueException>(() => glue.CreateTableAsync(_database, input, Cancellation))).IsAlreadyExists);
    }

    [Fact]
    public async Task An_update_replaces_the_definition_and_counts_the_version_up()
    {
        var glue = await OpenWithDatabaseAsync();
        await glue.CreateTableAsync(_database, Table("t", "a"), Cancellation);
        var before = await glue.GetTableAsync(_database, "t", Cancellation);
        await glue.UpdateTableAsync(_database, Table("t", "a", "b"), before!.VersionId, cancellationToken: Cancellation);
        var after = await glue.GetTableAsync(_database, "t", Cancellation);
        Assert.Equal(["a", "b"], after!.Columns.Select(c => c.Name));
        Assert.NotEqual(before.VersionId, after.VersionId);
    }

    [Fact]
    public async Task Updates_archive_versions_which_are_listed_from_the_current_one_back()
    {
        var glue = await OpenWithDatabaseAsync();
        Assert.Empty(await glue.GetTableVersionIdsAsync(_database, "t", Cancellation).ToListAsync(Cancellation));
        await glue.CreateTableAsync(_database, Table("t", "a"), Cancellation);
        for (var i = 0; i < 11; i++) await glue.UpdateTableAsync(_database, Table("t", "a", "b"), cancellationToken: Cancellation);
        var current = (await glue.GetTableAsync(_database, "t", Cancellation))!.VersionId;
        var versions = await glue.GetTableVersionIdsAsync(_database, "T", Cancellation).ToListAsync(Cancellation);
        Assert.Equal((12, current), (versions.Count, versions[0]));
        Assert.Equal(versions.OrderByDescending(int.Parse), versions);
    }

    [Fact]
    public async Task Tables_are_listed_in_the_order_of_their_names()
    {
        var glue = await OpenWithDatabaseAsync();
        foreach (var name in new[] { "b", "a", "_dlt_loads" }) await glue.CreateTableAsync(_database, Table(name, "x"), Cancellation);
        var names = new List<string>();
        await foreach (var table in glue.GetTablesAsync(_database, Cancellation)) names.Add(table.Name);
        Assert.Equal(["_dlt_loads", "a", "b"], names);
        await foreach (var table in glue.GetTablesAsync("none_" + _database, Cancellation)) Assert.Fail(table.Name);
    }

    [Fact]
    public async Task Tables_are_found_by_their_names_alone()
    {
        var glue = await OpenWithDatabaseAsync();
        foreach (var name in new[] { "orders", "orders_old", "a-b", "_dlt_loads" })
            await glue.CreateTableAsync(_database, Table(name, "x"), Cancellation);
        string[] wanted = ["Orders", "a-b", "_dlt_loads", "none", .. Enumerable.Range(0, 300).Select(i => $"table_with_a_name_{i}")];
        var names = new List<string>();
        await foreach (var table in glue.FindTablesAsync(_database, wanted, Cancellation)) names.Add(table.Name);
        Assert.Equal(["_dlt_loads", "a-b", "orders"], names.Order(StringComparer.Ordinal));
        await foreach (var table in glue.FindTablesAsync("none_" + _database, wanted, Cancellation)) Assert.Fail(table.Name);
        await foreach (var table in glue.FindTablesAsync(_database, [], Cancellation)) Assert.Fail(table.Name);
    }

    [Fact]
    public async Task A_deleted_table_is_gone_and_deleting_it_again_is_an_error()
    {
        var glue = await OpenWithDatabaseAsync();
        await glue.CreateTableAsync(_database, Table("t", "a"), Cancellation);
        await glue.DeleteTableAsync(_database, "t", Cancellation);
        Assert.Null(await glue.GetTableAsync(_database, "t", Cancellation));
        Assert.True((await Assert.ThrowsAsync<GlueException>(() => glue.DeleteTableAsync(_database, "t", Cancellation))).IsNotFound);
        await glue.DeleteDatabaseAsync(_database, Cancellation);
        Assert.Null(await glue.GetDatabaseAsync(_database, Cancellation));
        Assert.True((await Assert.ThrowsAsync<GlueException>(() => glue.DeleteDatabaseAsync(_database, Cancellation))).IsNotFound);
    }

    [Fact]
    public async Task A_table_needs_its_database()
    {
        var glue = await OpenAsync();
        Assert.Null(await glue.GetTableAsync(_database, "t", Cancellation));
        Assert.True((await Assert.ThrowsAsync<GlueException>(() => glue.CreateTableAsync(_database, Table("t", "a"), Cancellation)))
            .IsNotFound);
        Assert.True((await Assert.ThrowsAsync<GlueException>(() =>
            glue.UpdateTableAsync(_database, Table("t", "a"), cancellationToken: Cancellation))).IsNotFound);
    }

    [Fact]
    public async Task Partitions_are_made_once_and_found_by_their_values()
    {
        var glue = await OpenWithPartitionsAsync();
        string[] countries = [.. Enumerable.Range(0, 240).Select(i => $"c{i:000}")];
        Assert.Empty(await glue.CreatePartitionsAsync(_database, "Parted", [.. countries.Select(c => Of(c))], Cancellation));
        var errors = await glue.CreatePartitionsAsync(_database, "parted", [Of("c007"), Of("a/b=c%20 é")], Cancellation);
        Assert.True(Assert.Single(errors).IsAlreadyExists);
        Assert.Equal(["c007", "1"], errors[0].Values);

        var listed = new List<string>();
        await foreach (var partition in glue.GetPartitionsAsync(_database, "parted", Cancellation)) listed.Add(partition.Values[0]);
        Assert.Equal(["a/b=c%20 é", .. countries], listed);
        ImmutableArray<string>[] wanted = [["c001", "1"], ["none", "1"], ["a/b=c%20 é", "1"]];
        var found = await glue.FindPartitionsAsync(_database, "parted", wanted, Cancellation);
        Assert.Equal(["a/b=c%20 é", "c001"], found.Select(p => p.Values[0]).Order(StringComparer.Ordinal));
        Assert.Equal("s3://b/parted/c001/", found.Single(p => p.Values[0] == "c001").StorageDescriptor!.Location);
    }

    [Fact]
    public async Task Partitions_are_changed_and_deleted_by_their_values()
    {
        var glue = await OpenWithPartitionsAsync();
        await glue.CreatePartitionsAsync(_database, "parted", [Of("de"), Of("fr")], Cancellation);
        var errors = await glue.UpdatePartitionsAsync(_database, "parted", [Of("de", "b"), Of("at")], Cancellation);
        Assert.True(Assert.Single(errors).IsNotFound);
        var changed = Assert.Single(await glue.FindPartitionsAsync(_database, "parted", [["de", "1"]], Cancellation));
        Assert.Equal(["id", "b"], changed.StorageDescriptor!.Columns.Select(c => c.Name));

        await glue.DeletePartitionsAsync(_database, "parted", [["de", "1"]], Cancellation);
        Assert.Empty(await glue.FindPartitionsAsync(_database, "parted", [["de", "1"]], Cancellation));
        await glue.DeleteTableAsync(_database, "parted", Cancellation);
        await foreach (var partition in glue.GetPartitionsAsync(_database, "parted", Cancellation)) Assert.Fail(partition.Values[0]);
        var gone = await Assert.ThrowsAsync<GlueException>(
            () => glue.CreatePartitionsAsync(_database, "parted", [Of("de")], Cancellation));
        Assert.True(gone.IsNotFound);
    }

    private static GluePartition Of(string country, params string[] columns) => new()
    {
        Values = [country, "1"],
        StorageDescriptor = new()
        {
            Columns = [new("id", "bigint"), .. columns.Select(c => new GlueColumn(c, "bigint"))],
            Location = $"s3://b/parted/{country}/",
        },
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
    };

    private async Task<IGlueCatalog> OpenWithPartitionsAsync()
    {
        var glue = await OpenWithDatabaseAsync();
        var table = Table("parted", "id") with { PartitionKeys = [new("country", "string"), new("n", "int")] };
        await glue.CreateTableAsync(_database, table, Cancellation);
        return glue;
    }

    protected static GlueTableInput Table(string name, params string[] columns) => new()
    {
        Name = name,
        TableType = "EXTERNAL_TABLE",
        Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("classification", "parquet"),
        PartitionKeys = [],
        StorageDescriptor = new()
        {
            Columns = [.. columns.Select(c => new GlueColumn(c, "bigint"))],
            Location = $"s3://b/{name}/",
            SerdeInfo = new() { SerializationLibrary = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
        },
    };

    protected async Task<IGlueCatalog> OpenWithDatabaseAsync()
    {
        var glue = await OpenAsync();
        await glue.CreateDatabaseAsync(new() { Name = _database }, Cancellation);
        return glue;
    }

    protected string Database => _database;
}

public sealed class SqliteGlueCatalogTests : GlueCatalogContract, IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IGlueCatalog> OpenAsync() => Task.FromResult(new LocalAthena(_folder.Path).Glue);

    /// <summary>Not in the contract: moto lacks the operation.</summary>
    [Fact]
    public async Task Deleted_versions_are_gone_and_the_definition_stays()
    {
        var glue = await OpenWithDatabaseAsync();
        var cancellation = TestContext.Current.CancellationToken;
        await glue.CreateTableAsync(Database, Table("t", "a"), cancellation);
        for (var i = 0; i < 3; i++) await glue.UpdateTableAsync(Database, Table("t", "a", "b"), cancellationToken: cancellation);
        await glue.DeleteTableVersionsAsync(Database, "T", ["0", "2", "77"], cancellation);
        Assert.Equal(["3", "1"], await glue.GetTableVersionIdsAsync(Database, "t", cancellation).ToListAsync(cancellation));
        Assert.Equal(["a", "b"], (await glue.GetTableAsync(Database, "t", cancellation))!.Columns.Select(c => c.Name));
        Assert.True((await Assert.ThrowsAsync<GlueException>(
            () => glue.DeleteTableVersionsAsync(Database, "other", ["0"], cancellation))).IsNotFound);
    }

    /// <summary>Not in the contract: moto takes any version.</summary>
    [Fact]
    public async Task Of_two_who_read_the_same_version_only_one_updates_the_table()
    {
        var glue = await OpenWithDatabaseAsync();
        var other = await OpenAsync();
        await glue.CreateTableAsync(Database, Table("t", "a"), TestContext.Current.CancellationToken);
        var version = (await other.GetTableAsync(Database, "t", TestContext.Current.CancellationToken))!.VersionId;
        await glue.UpdateTableAsync(Database, Table("t", "a", "b"), version, cancellationToken: TestContext.Current.CancellationToken);
        var conflict = await Assert.ThrowsAsync<GlueException>(() =>
            other.UpdateTableAsync(Database, Table("t", "a", "c"), version, cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(conflict.IsConflict);
        Assert.Equal(
            ["a", "b"], (await other.GetTableAsync(Database, "t", TestContext.Current.CancellationToken))!.Columns.Select(c => c.Name));
    }
}

public sealed class AwsGlueCatalogTests : GlueCatalogContract
{
    protected override async Task<IGlueCatalog> OpenAsync() => (await Moto.AccountAsync("glue-bucket")).Glue;

    /// <summary>Not in the contract: moto lacks the operation.</summary>
    [Fact]
    public async Task Versions_are_listed_in_pages_and_deleted_by_hundreds()
    {
        var sent = new List<string>();
        await using var server = new LoopbackServer(async (call, _) =>
        {
            var operation = call.Request.Headers["X-Amz-Target"]!.Split('.')[1];
            var body = JsonValue.Parse(await new StreamReader(call.Request.InputStream).ReadToEndAsync());
            sent.Add(body["VersionIds"] is { } ids ? $"{operation} {ids.Items.Length}" : $"{operation} {body["NextToken"]?.AsString()}");
            await LoopbackServer.WriteAsync(call, operation == "BatchDeleteTableVersion"
                ? """{"Errors":[{"VersionId":"9","ErrorDetail":{"ErrorCode":"EntityNotFoundException","ErrorMessage":"gone"}}]}"""
                : sent.Count == 1
                    ? """{"TableVersions":[{"VersionId":"10"},{"VersionId":"9"}],"NextToken":"more"}"""
                    : """{"TableVersions":[{"VersionId":"2"}]}""");
        });
        var glue = Moto.Open(server.Url).Glue;
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(["10", "9", "2"], await glue.GetTableVersionIdsAsync("db", "t", cancellation).ToListAsync(cancellation));
        await glue.DeleteTableVersionsAsync("db", "t", [.. Enumerable.Range(0, 101).Select(i => $"{i}")], cancellation);
        Assert.Equal(
            ["GetTableVersions ", "GetTableVersions more", "BatchDeleteTableVersion 100", "BatchDeleteTableVersion 1"], sent);
    }

    [Fact]
    public async Task A_version_that_cannot_be_deleted_is_named()
    {
        await using var server = new LoopbackServer((call, _) => LoopbackServer.WriteAsync(
            call,
            """{"Errors":[{"VersionId":"7","ErrorDetail":{"ErrorCode":"AccessDeniedException","ErrorMessage":"not allowed"}}]}"""));
        var error = await Assert.ThrowsAsync<GlueException>(() =>
            Moto.Open(server.Url).Glue.DeleteTableVersionsAsync("db", "t", ["7"], TestContext.Current.CancellationToken));
        Assert.Equal(("AccessDeniedException", "Version 7 could not be deleted: not allowed"), (error.ErrorCode, error.Message));
    }

    [Fact]
    public async Task Partitions_are_sent_in_calls_of_the_size_that_glue_takes()
    {
        var sent = new List<string>();
        await using var server = new LoopbackServer(async (call, _) =>
        {
            var operation = call.Request.Headers["X-Amz-Target"]!.Split('.')[1];
            var body = JsonValue.Parse(await new StreamReader(call.Request.InputStream).ReadToEndAsync());
            var list = body.Members.Select(m => m.Value).First(v => v.Kind == JsonKind.Array).Items;
            sent.Add($"{operation} {list.Length}");
            await LoopbackServer.WriteAsync(call, operation == "BatchGetPartition" && list.Length == 1000
                ? """{"Partitions":[],"UnprocessedKeys":[{"Values":["late"]}]}"""
                : """{"Errors":[{"PartitionValues":["x"],"ErrorDetail":{"ErrorCode":"AlreadyExistsException","ErrorMessage":"m"}}]}""");
        });
        var glue = Moto.Open(server.Url).Glue;
        var cancellation = TestContext.Current.CancellationToken;
        ImmutableArray<string>[] values = [.. Enumerable.Range(0, 1001).Select(i => ImmutableArray.Create($"v{i}"))];
        await glue.FindPartitionsAsync("db", "t", values, cancellation);
        GluePartition[] some = [.. values.Take(101).Select(v => new GluePartition { Values = v })];
        var errors = await glue.CreatePartitionsAsync("db", "t", some, cancellation);
        await glue.UpdatePartitionsAsync("db", "t", some, cancellation);
        await glue.DeletePartitionsAsync("db", "t", [.. values.Take(26)], cancellation);
        Assert.Equal(
            [
                "BatchGetPartition 1000", "BatchGetPartition 2", "BatchCreatePartition 100", "BatchCreatePartition 1",
                "BatchUpdatePartition 100", "BatchUpdatePartition 1", "BatchDeletePartition 25", "BatchDeletePartition 1",
            ],
            sent);
        Assert.Equal(["x", "x"], errors.Select(e => e.Values[0]));
        Assert.All(errors, e => Assert.True(e.IsAlreadyExists));
    }

    [Theory]
    [InlineData("ICEBERG", "InternalServiceException", 500, 1)]
    [InlineData("ICEBERG", "ThrottlingException", 400, 3)]
    [InlineData("none", "InternalServiceException", 500, 3)]
    public async Task A_commit_is_sent_once_unless_nothing_can_have_happened(string tableType, string error, int status, int calls)
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n < 3) call.Response.StatusCode = status;
            await LoopbackServer.WriteAsync(call, n < 3 ? $$"""{"__type":"{{error}}","message":"later"}""" : "{}");
        });
        var glue = Moto.Open(server.Url).Glue;
        var table = Table("t", "a") with
        { Parameters = new Dictionary<string, string> { ["table_type"] = tableType }.ToImmutableSortedDictionary() };
        var sent = await Record.ExceptionAsync(() =>
            glue.UpdateTableAsync("db", table, "1", skipArchive: true, TestContext.Current.CancellationToken));
        Assert.Equal(calls, server.Calls);
        if (calls == 1) Assert.Equal(error, Assert.IsType<GlueException>(sent).ErrorCode);
        else Assert.Null(sent);
    }
}

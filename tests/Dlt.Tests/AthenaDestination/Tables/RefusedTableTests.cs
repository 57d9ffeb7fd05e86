using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using IcebergSchema = Dlt.Iceberg.Schema;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Foreign tables that could not show the rows are refused before anything is made, changed or uploaded.</summary>
public sealed class RefusedTableTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };
    private static readonly PrimitiveType Long = new(PrimitiveKind.Long);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("partitioned", "has the partition key(s) 'dt'")]
    [InlineData("serde", "is read with the SerDe org.openx.data.jsonserde.JsonSerDe")]
    [InlineData("format", "is read with the input format org.apache.hadoop.mapred.TextInputFormat")]
    [InlineData("buckets", "has its rows in buckets by id")]
    [InlineData("view", "is a view")]
    [InlineData("link", "has no location")]
    public async Task An_external_table_that_cannot_show_the_rows_is_refused(string kind, string why)
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("other", """{"id":1}"""));
        var table = (await account.Glue.GetTableAsync("ds", "other", Cancellation))!.Definition with { Name = "items" };
        var storage = table.StorageDescriptor! with { Location = "s3://lake/ds/items/" };
        table = kind switch
        {
            "partitioned" => table with { PartitionKeys = [new("dt", "string")], StorageDescriptor = storage },
            "serde" => table with
            {
                StorageDescriptor =
                storage with { SerdeInfo = new() { SerializationLibrary = "org.openx.data.jsonserde.JsonSerDe" } }
            },
            "format" => table with { StorageDescriptor = storage with { InputFormat = "org.apache.hadoop.mapred.TextInputFormat" } },
            "buckets" => table with { StorageDescriptor = storage with { NumberOfBuckets = 4, BucketColumns = ["id"] } },
            "view" => table with { TableType = "VIRTUAL_VIEW", StorageDescriptor = storage },
            _ => table with { StorageDescriptor = null },
        };
        await account.Glue.CreateTableAsync("ds", table, Cancellation);
        await AssertRefusedAsync(account, new(), why);
    }

    [Fact]
    public async Task An_iceberg_table_with_a_further_required_column_is_refused()
    {
        var account = Some.Account(_folder);
        await MakeAsync(account, new([new(1, "id", Long), new(2, "must", new PrimitiveType(PrimitiveKind.String), IsRequired: true)]));
        await AssertRefusedAsync(account, Iceberg, "Column 'ds.items.must' is required");
    }

    [Fact]
    public async Task A_row_without_the_value_of_a_required_column_is_not_committed()
    {
        var account = Some.Account(_folder);
        await MakeAsync(account, new([new(1, "id", Long), new(2, "must", new PrimitiveType(PrimitiveKind.String), IsRequired: true)]));
        var items = Some.Resource("items", Iceberg, """{"id":1,"must":"x"}""", """{"id":2}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(account).RunAsync(items));
        Assert.Contains("1 row(s) of the package have no value", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(account, "ds/items/data/"));
        Assert.Equal("0", await Machine.ValuesAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task An_iceberg_table_of_version_1_is_refused_with_the_call_that_upgrades_it()
    {
        var account = Some.Account(_folder);
        await MakeAsync(account, new([new(1, "id", Long)]));
        var stored = (await account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        var location = Dlt.Storage.ObjectLocation.Parse(stored.Definition.Parameters!["metadata_location"]);
        var metadata = Dlt.Json.JsonParser.Parse(await account.Objects.GetAsync(location, cancellationToken: Cancellation));
        await account.Objects.PutAsync(
            location, Dlt.JsonText.WriteUtf8(metadata.With("format-version", Dlt.JsonValue.Integer(1))),
                cancellationToken: Cancellation);
        await AssertRefusedAsync(account, Iceberg, "UpgradeFormatVersion(2)");
    }

    [Fact]
    public async Task A_column_of_another_case_is_the_same_column()
    {
        var account = Some.Account(_folder);
        await MakeAsync(account, new([new(1, "Id", Long)]));
        await new Machine(account).RunAsync(Some.Resource("items", Iceberg, """{"id":5}"""));
        Assert.Equal(
            ["Id"], (await Athena.IcebergCatalog(account)
                .LoadTableAsync(new("ds", "items"), Cancellation)).Metadata.CurrentSchema.Fields.Select(f => f.Name)
                    .Where(n => !n.StartsWith("_dlt", StringComparison.Ordinal)));
        Assert.Equal("5", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task Columns_of_a_table_that_are_one_name_for_Athena_are_refused()
    {
        var account = Some.Account(_folder);
        await MakeAsync(account, new([new(1, "Id", Long), new(2, "ix", Long)]));
        var metadata = Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items", "metadata"), "*.json").Single();
        // another engine may name columns like this
        await File.WriteAllTextAsync(metadata, (await File.ReadAllTextAsync(metadata, Cancellation))
            .Replace("\"ix\"", "\"id\"", StringComparison.Ordinal), Cancellation);
        await AssertRefusedAsync(account, Iceberg, "has the columns 'Id' and 'id', which are the same name for Athena");
    }

    [Theory]
    [InlineData("sql_cs_v1", "iceberg")]
    [InlineData("direct", "iceberg")]
    [InlineData("duck_case", "iceberg")]
    [InlineData("sql_ci_v1", "iceberg")]
    [InlineData("snake_case", "iceberg")]
    [InlineData("direct", "hive")]
    public async Task Tables_take_the_names_of_every_naming_convention(string naming, string format)
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 2; run++)
            await new Machine(account)
                .RunAsync(
                    Resource.Create("Items", [new { BigName = 1, Tags = new[] { "x" } }], new() { TableFormat = Some.Format(format) }),
                        settings: ("SCHEMA__NAMING", naming));
        Assert.Equal("1,1", await Machine.ValuesAsync(account, $"SELECT {(naming == "snake_case" ? "big_name" : "bigname")} FROM items"));
        Assert.Equal(0, Machine.Pending(account));
    }

    [Fact, Scenario("T-45")]
    public async Task A_table_whose_name_differs_from_that_of_a_loaded_one_by_its_case_is_refused()
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = [("SCHEMA__NAMING", "direct")];
        await new Machine(account).RunAsync(Some.Resource("Items", """{"id":1}"""), settings: settings);
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => new Machine(account).RunAsync(Some.Resource("items", """{"id":2}"""), settings: settings));
        Assert.Contains("'Items' and 'items' are the same name for Athena", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Fact]
    public async Task The_bucket_is_looked_at_before_the_first_table_is_made()
    {
        var account = Some.Account(_folder);
        var misspelt =
            new Machine(
                account, objects: Steps.Intercept(
                    account.Objects, (method, call) =>
                        method == nameof(Dlt.Storage.IObjectStore.PutAsync) ? throw new Dlt.Storage.BucketNotFoundException("lakee")
                            : call()));
        await Assert.ThrowsAnyAsync<DltException>(() => misspelt.RunAsync(Some.Resource("items", """{"id":1}""")));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    private static async Task MakeAsync(LocalAthena account, IcebergSchema schema)
    {
        await new Machine(account).RunAsync(Some.Resource("other", """{"id":1}"""));
        await Athena.IcebergCatalog(account)
            .CreateTableAsync(new("ds", "items"), schema, location: "s3://lake/ds/items", cancellationToken: Cancellation);
    }

    private static async Task AssertRefusedAsync(LocalAthena account, ResourceHints hints, string why)
    {
        var keys = await Machine.KeysAsync(account, "");
        var tables = await TablesAsync(account);
        Resource[] resources = [Some.Resource("fresh", """{"id":1}"""), Some.Resource("items", hints, """{"id":1}""")];
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => new Machine(account).Pipeline().RunAsync(resources, Cancellation));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded.", error.Message, StringComparison.Ordinal);
        Assert.Equal("items", error.Table);
        Assert.Equal(keys, await Machine.KeysAsync(account, ""));
        Assert.Equal(tables, await TablesAsync(account));
        // Columns of Iceberg tables are compared after normalising, when their rows are known.
        Assert.Equal(hints.TableFormat == TableFormat.Default ? 0 : 1, Machine.Pending(account));
    }

    private static async Task<List<string>> TablesAsync(LocalAthena account) =>
        await account.Glue.GetTablesAsync("ds", Cancellation).Select(t => $"{t.Name} {t.VersionId}").ToListAsync(Cancellation);
}

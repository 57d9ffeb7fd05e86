using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Properties that a resource declares for its table.</summary>
public sealed class TablePropertyTests : AccountTests
{
    private static readonly ImmutableDictionary<string, string> None = ImmutableDictionary<string, string>.Empty;

    [Theory, InlineData("hive"), InlineData("iceberg")]
    public async Task Declared_properties_are_set_and_changed_and_others_stay(string format)
    {
        var hints = new ResourceHints { TableFormat = Some.Format(format), TableProperties = None.Add("team", "sales").Add("tier", "1") };
        await RunAsync(hints, 1);
        Assert.Equal(("sales", "1", null), await PropertiesAsync());

        await RunAsync(hints with { TableProperties = None.Add("tier", "2").Add("owner", "me") }, 2);
        Assert.Equal(("sales", "2", "me"), await PropertiesAsync());
        var before = await TableAsync();
        await RunAsync(hints with { TableProperties = None.Add("tier", "2") }, 3);
        if (format == "hive") Assert.Equal(before.VersionId, (await TableAsync()).VersionId);
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));
        if (format == "hive") Assert.Equal("parquet", before.Definition.Parameters!["classification"]);
    }

    [Fact]
    public async Task They_win_over_the_properties_of_the_setting_and_come_with_a_new_column()
    {
        (string, string) setting = ("DESTINATION__ATHENA__TABLE_PROPERTIES", """{"tier":"0","team":"all"}""");
        var hints = Iceberg with { TableProperties = None.Add("tier", "1") };
        await new Machine(Account).RunAsync(Some.Resource("orders", hints, """{"id":1}"""), settings: setting);
        Assert.Equal(("all", "1", null), await PropertiesAsync());
        var more = hints with { TableProperties = None.Add("owner", "me") };
        await new Machine(Account).RunAsync(Some.Resource("orders", more, """{"id":2,"note":"x"}"""), settings: setting);
        Assert.Equal(("all", "1", "me"), await PropertiesAsync());
        Assert.Equal("NULL,x", await Machine.ValuesAsync(Account, "SELECT note FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task The_hint_of_a_schema_file_is_read_too()
    {
        var value = JsonValue.Object(("tier", JsonValue.Integer(3)), ("team", JsonValue.String("a, b")));
        var hints = new ResourceHints { Additional = [new("x-athena-table-properties", value)] };
        await RunAsync(hints, 1);
        Assert.Equal(("a, b", "3", null), await PropertiesAsync());
    }

    [Theory]
    [InlineData("iceberg", "table_type"), InlineData("iceberg", "write_compression"), InlineData("iceberg", "Format")]
    [InlineData("iceberg", "metadata_location"), InlineData("iceberg", "current-schema"), InlineData("iceberg", "dlt.load-steps")]
    [InlineData("hive", "EXTERNAL"), InlineData("hive", "classification"), InlineData("hive", "projection.enabled")]
    [InlineData("hive", "storage.location.template"), InlineData("hive", "table_type")]
    public async Task Properties_that_loads_or_the_format_decide_are_refused_before_extract(string format, string name)
    {
        var isAsked = false;
        var hints = new ResourceHints { TableFormat = Some.Format(format), TableProperties = None.Add(name, "x") };
        var resource = Resource.Create("orders", Rows(), hints);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account).RunAsync(resource));
        Assert.Contains($"'orders' sets '{name}'", error.Message, StringComparison.Ordinal);
        Assert.False(isAsked);
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));

        IEnumerable<JsonValue> Rows()
        {
            isAsked = true;
            yield return JsonValue.Object(("id", JsonValue.Integer(1)));
        }
    }

    [Theory, InlineData("brotli"), InlineData("LZ4")]
    public async Task A_codec_that_athena_does_not_read_is_refused_wherever_it_is_set(string codec)
    {
        const string Name = "write.parquet.compression-codec";
        (string, string) setting = ("DESTINATION__ATHENA__TABLE_PROPERTIES", $$"""{"{{Name}}":"{{codec}}"}""");
        await AssertRefusedAsync(Iceberg with { TableProperties = None.Add(Name, codec) });
        await AssertRefusedAsync(Iceberg, setting);
        Assert.Null(await Account.Glue.GetTableAsync("ds", "orders", Cancellation));

        await RunAsync(Iceberg, 1);
        var catalog = new Dlt.Iceberg.GlueCatalog(Account.Glue, Account.Objects);
        var table = await catalog.LoadTableAsync(new("ds", "orders"), Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { [Name] = codec }).CommitAsync(Cancellation);
        await AssertRefusedAsync(Iceberg);
        await RunAsync(Iceberg with { TableProperties = None.Add(Name, "zstd") }, 2);
        Assert.Equal("1,2", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));

        async Task AssertRefusedAsync(ResourceHints hints, params (string, string)[] settings)
        {
            var machine = new Machine(Account, Folder.File(Guid.NewGuid().ToString("N")));
            var resource = Some.Resource("orders", hints, """{"id":9}""");
            var error = await Assert.ThrowsAnyAsync<DltException>(() => machine.RunAsync(resource, settings: settings));
            Assert.Contains($"has the property {Name} = '{codec}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Version_3_which_athena_does_not_read_is_refused()
    {
        (string, string) setting = ("DESTINATION__ATHENA__TABLE_PROPERTIES", """{"format-version":"3"}""");
        var resource = Some.Resource("orders", Iceberg, """{"id":1}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => new Machine(Account).RunAsync(resource, settings: setting));
        Assert.Contains("has the property format-version = '3', and Athena cannot read", error.Message, StringComparison.Ordinal);

        await Account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, Cancellation);
        var catalog = new Dlt.Iceberg.GlueCatalog(Account.Glue, Account.Objects);
        var table = await catalog.CreateTableAsync(
            new("ds", "orders"), new([new(1, "id", new Dlt.Iceberg.PrimitiveType(Dlt.Iceberg.PrimitiveKind.Long))]),
            location: "s3://lake/elsewhere/orders", properties: new Dictionary<string, string> { ["format-version"] = "3" },
            cancellationToken: Cancellation);
        error = await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(Account, Folder.File("other")).RunAsync(Some.Resource("orders", Iceberg, """{"id":1}""")));
        Assert.Contains("has format version 3 of Iceberg", error.Message, StringComparison.Ordinal);
        Assert.Contains("Athena cannot read version 3", error.Message, StringComparison.Ordinal);
        Assert.Equal(table.MetadataLocation, (await table.ReloadAsync(Cancellation)).MetadataLocation);
    }

    [Theory, InlineData("\"x\"", "is not a map"), InlineData("""{"a":null}""", "'a'"), InlineData("""{"a":[1]}""", "'a'")]
    public async Task A_hint_of_another_form_is_refused(string hint, string message)
    {
        var hints = new ResourceHints { Additional = [new("x-athena-table-properties", JsonParser.Parse(hint))] };
        var error = await Assert.ThrowsAnyAsync<SchemaException>(() => RunAsync(hints, 1));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private Task RunAsync(ResourceHints hints, int id) =>
        new Machine(Account).RunAsync(Some.Resource("orders", hints, $$"""{"id":{{id}}}"""));

    private async Task<GlueTable> TableAsync() => (await Account.Glue.GetTableAsync("ds", "orders", Cancellation))!;

    /// <summary>The properties team, tier and owner: of the metadata of an Iceberg table, or of the table in Glue.</summary>
    private async Task<(string?, string?, string?)> PropertiesAsync()
    {
        var stored = await TableAsync();
        IReadOnlyDictionary<string, string> properties = stored.Definition.Parameters!;
        if (stored.IsIceberg)
        {
            var catalog = new Dlt.Iceberg.GlueCatalog(Account.Glue, Account.Objects);
            properties = (await catalog.LoadTableAsync(new("ds", "orders"), Cancellation)).Metadata.Properties;
        }

        return (properties.GetValueOrDefault("team"), properties.GetValueOrDefault("tier"), properties.GetValueOrDefault("owner"));
    }
}

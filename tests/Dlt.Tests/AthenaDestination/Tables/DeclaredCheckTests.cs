using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>
/// Declarations that Athena cannot hold are refused before the source is read. The corrected program then runs without a command in
/// between.
/// </summary>
public sealed class DeclaredCheckTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private int _asked;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-25"), Scenario("T-26"), Scenario("X-24")]
    [InlineData("upsert without a key", "items", "no primary key, which the merge strategy upsert needs")]
    [InlineData("time", "items", "Column 'items.t' has the type time")]
    [InlineData("wide decimal", "items", "decimal(50)")]
    [InlineData("wide integer", "items", "bigint(128)")]
    [InlineData("reserved", "_dlt_loads", "'_dlt_loads' is reserved")]
    [InlineData("reserved", "_dlt_version", "is reserved")]
    [InlineData("reserved", "_dltx", "is reserved")]
    [InlineData("partition", "items", "it is not a transform of Iceberg")]
    [InlineData("nested time", "items", "Column 'items__tags.t' has the type time")]
    [InlineData("bucket of a double", "items", "by 'bucket(4, {column_name})' of column 'price': the column is double, and bucket takes")]
    [InlineData("day of a text", "items", "the column is string, and day takes dates and timestamps")]
    [InlineData("value of a double", "items", "the column is double, which does not divide an external table")]
    [InlineData("year and day", "items", "is partitioned by year and by day in one new spec")]
    [InlineData("codec", "items", "Athena cannot read such data files")]
    public async Task A_declaration_that_Athena_cannot_hold_is_refused_before_the_source_is_asked(string kind, string table, string why)
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("other", """{"id":1}"""));
        await AssertRefusedAsync(account, new Machine(account).Pipeline(), Asked(table, HintsOf(kind)), why);
        await new Machine(account).RunAsync(Asked("items", new()));
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_first_run_that_is_refused_leaves_nothing_at_all()
    {
        var account = Some.Account(_folder);
        await Assert.ThrowsAsync<SchemaException>(() => new Machine(account).RunAsync(Asked("items", HintsOf("time"))));
        Assert.Empty(await Machine.KeysAsync(account, ""));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Equal(0, Packages(account));
        await new Machine(account).RunAsync(Asked("items", new()));
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT id FROM items"));
    }

    [Theory]
    [InlineData("_DLT_LOADS")]
    [InlineData("_dlt_pipeline_state")]
    public async Task Reserved_names_are_refused_in_every_case_that_Glue_does_not_keep(string table)
    {
        var account = Some.Account(_folder);
        var pipeline = new Machine(account).Pipeline(settings: ("SCHEMA__NAMING", "direct"));
        await AssertRefusedAsync(account, pipeline, Asked(table, new()), "is reserved");
    }

    [Fact]
    public async Task A_table_name_that_an_item_chooses_is_refused_too_and_no_package_is_left()
    {
        var account = Some.Account(_folder);
        var resource = Asked("items", new() { TableNameOf = _ => "_dlt_loads" });
        var error = await Assert.ThrowsAsync<SchemaException>(() => new Machine(account).RunAsync(resource));
        Assert.Contains("is reserved", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Packages(account));
    }

    [Theory, Scenario("X-21"), InlineData(false), InlineData(true)]
    public async Task A_setting_that_contradicts_the_tables_is_refused_and_taken_back_without_a_command(bool isIcebergFirst)
    {
        var account = Some.Account(_folder);
        (string, string)[] iceberg = [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")];
        (string, string)[] plain = [];
        await new Machine(account).RunAsync(Asked("items", new()), settings: isIcebergFirst ? iceberg : plain);
        var changed = new Machine(account).Pipeline(settings: isIcebergFirst ? plain : iceberg);
        await AssertRefusedAsync(account, changed, Asked("items", new()), isIcebergFirst
            ? "is an Iceberg table, but" : "is an external table of files, but");
        await new Machine(account).RunAsync(Asked("items", new()), settings: isIcebergFirst ? iceberg : plain);
        Assert.Equal("2", await Machine.ValuesAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_layout_that_leads_away_from_the_table_is_refused_before_the_source_is_asked()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Asked("items", new()));
        var moved = new Machine(account)
            .Pipeline(settings: ("DESTINATION__FILESYSTEM__LAYOUT", "x/{table_name}/{load_id}.{file_id}.{ext}"));
        await AssertRefusedAsync(account, moved, Asked("items", new()), "its files would be written to");
    }

    [Fact]
    public async Task A_refresh_that_drops_the_table_may_change_its_format()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Asked("items", new()));
        var iceberg = Asked("items", new() { TableFormat = TableFormat.Iceberg });
        await new Machine(account).RunAsync(iceberg, refresh: RefreshMode.DropResources);
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named_before_other_resources_are_asked()
    {
        var account = Some.Account(_folder);
        Resource[] resources = [Asked("items", new()), Resource.FromFile("rows", _folder.File("none.jsonl"))];
        var error = await Assert.ThrowsAsync<DltException>(() => new Machine(account).Pipeline().RunAsync(resources, Cancellation));
        Assert.Contains("none.jsonl", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_asked, Packages(account)));
    }

    [Fact]
    public async Task A_contract_is_broken_by_rows_only()
    {
        var account = Some.Account(_folder);
        await new Machine(account).RunAsync(Some.Resource("other", """{"id":1}"""));
        var none = Resource.Create("items", Array.Empty<JsonValue>(),
            new() { SchemaContract = new() { Tables = ContractMode.Freeze } });
        Assert.DoesNotContain("items", (await new Machine(account).RunAsync(none)).RowCounts.Keys);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task A_file_whose_columns_lack_a_key_is_refused_while_it_is_read(string kind)
    {
        var account = Some.Account(_folder);
        var file = _folder.File("rows." + kind);
        Duck.Execute($"COPY (SELECT 1 AS nr, 'x' AS name) TO '{file}'");
        Resource Rows(string key) => FileResource.Create("items", file, new() { PrimaryKey = [key] });
        var error = await Assert.ThrowsAsync<SchemaException>(() => new Machine(account).RunAsync(Rows("id")));
        Assert.Contains("Column 'items.id' is declared not nullable (as a key is), but 'items' has no such column. It has 'nr', "
            + "'name'.", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Packages(account));
        await new Machine(account).RunAsync(Rows("nr"));
        Assert.Equal("1", await Machine.ValuesAsync(account, "SELECT nr FROM items"));
    }

    private static ResourceHints HintsOf(string kind) => kind switch
    {
        "upsert without a key" => new()
        {
            TableFormat = TableFormat.Iceberg,
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Upsert(),
        },
        "time" => new() { Columns = [new("t", DataType.Time)] },
        "wide decimal" => new() { Columns = [Column.Decimal("d", 50, 9)] },
        "wide integer" => new() { Columns = [Column.Bigint("d", bits: 128)] },
        "partition" => new()
        {
            TableFormat = TableFormat.Iceberg,
            Additional = [new("x-athena-partition", JsonValue.Object(("id", JsonValue.String("week({column_name})"))))],
        },
        "bucket of a double" => Divided(Column.Double("Price"), "bucket(4, {column_name})"),
        "day of a text" => Divided(Column.Text("Price"), "day({column_name})"),
        "value of a double" => Divided(Column.Double("Price"), "{column_name}") with { TableFormat = TableFormat.Default },
        "year and day" => Divided(Column.Date("Price"), "year({column_name}), day({column_name})"),
        "codec" => Divided(Column.Date("Price"), "day({column_name})") with
        { TableProperties = ImmutableDictionary<string, string>.Empty.Add("write.parquet.compression-codec", "brotli") },
        "nested time" => new() { Nested = [new("tags") { Columns = [new("t", DataType.Time)] }] },
        _ => new(),
    };

    private static ResourceHints Divided(ColumnSchema column, string template) => new()
    {
        TableFormat = TableFormat.Iceberg,
        Columns = [column],
        Additional = [new("x-athena-partition", JsonValue.Object(("Price", JsonValue.String(template))))],
    };

    /// <summary>A resource that counts how often it is read.</summary>
    private Resource Asked(string name, ResourceHints hints)
    {
        return Resource.Create(name, (_, _) => Items(), hints);

        async IAsyncEnumerable<JsonValue> Items()
        {
            await Task.CompletedTask;
            _asked++;
            yield return Some.Item("""{"id":1}""");
        }
    }

    private async Task AssertRefusedAsync(LocalAthena account, Pipeline pipeline, Resource resource, string why)
    {
        var before = (_asked, string.Join(' ', await Machine.KeysAsync(account, "")), string.Join(' ', await TablesAsync(account)));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(resource, Cancellation));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pending", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, (_asked, string.Join(' ', await Machine.KeysAsync(account, "")),
            string.Join(' ', await TablesAsync(account))));
        Assert.Equal(0, Packages(account));
    }

    private static int Packages(LocalAthena account)
    {
        var folder = new Dlt.Packages.WorkingFolder(Path.Combine(account.PipelinesFolder, "pipe"));
        return folder.Pending.Count;
    }

    private static async Task<List<string>> TablesAsync(LocalAthena account) =>
        await account.Glue.GetTablesAsync("ds", Cancellation).Select(t => $"{t.Name} {t.VersionId}").ToListAsync(Cancellation);
}

using Dlt.Lake;
using Dlt.Local;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using Xunit;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>External tables whose rows are divided into partitions.</summary>
public sealed class HivePartitionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_go_to_the_folders_of_their_partitions_and_athena_computes_the_partitions()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("Country"), Partition.Day("createdAt")] };
        await RunAsync(account, hints, [Order(1, "de", 1), Order(2, "fr", 2), Order(3, "de", 2), Order(4, "de", 1)]);

        var table = await TableAsync(account);
        Assert.Equal(["country string", "created_at_day date"], table.Definition.PartitionKeys!.Value.Select(k => $"{k.Name} {k.Type}"));
        Assert.DoesNotContain("country", table.Columns.Select(c => c.Name));
        Assert.Equal(
            [
                "projection.country.type=enum", "projection.country.values=de,fr", "projection.created_at_day.format=yyyy-MM-dd",
                "projection.created_at_day.interval=1", "projection.created_at_day.interval.unit=DAYS",
                "projection.created_at_day.range=2024-01-01,2024-01-02", "projection.created_at_day.type=date", "projection.enabled=true",
            ],
            table.Definition.Parameters!.Where(p => p.Key.StartsWith("projection.", StringComparison.Ordinal))
                .Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal(
            ["country=de/created_at_day=2024-01-01", "country=de/created_at_day=2024-01-02", "country=fr/created_at_day=2024-01-02"],
            await FoldersAsync(account));
        Assert.Equal(
            [["1", "de", "2024-01-01"], ["2", "fr", "2024-01-02"], ["3", "de", "2024-01-02"], ["4", "de", "2024-01-01"]],
            (await Some.QueryAsync(account, "SELECT id, country, created_at_day FROM orders ORDER BY id")).Rows);
    }

    [Fact]
    public async Task A_later_load_extends_the_partitions_and_adds_columns()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            Partitions = [Partition.Identity("country"), Partition.Month("createdAt"), Partition.Identity("id")],
        };
        await RunAsync(account, hints, [Order(5, "de", 1)]);
        await RunAsync(account, hints, ["""{"id":2,"country":"at","createdAt":"2023-11-05T00:00:00Z","note":"x"}"""]);

        var parameters = (await TableAsync(account)).Definition.Parameters!;
        Assert.Equal("at,de", parameters["projection.country.values"]);
        Assert.Equal("2023-11,2024-01", parameters["projection.created_at_month.range"]);
        Assert.Equal("2,5", parameters["projection.id.range"]);
        Assert.Equal([["2", "at", "2023-11", "x"], ["5", "de", "2024-01", null]], (await Some.QueryAsync(
            account, "SELECT id, country, created_at_month, note FROM orders ORDER BY id")).Rows);
    }

    [Theory, InlineData("{table_name}/{load_id}.{file_id}.{ext}"), InlineData("{table_name}/y{YYYY}/{load_id}.{file_id}.{ext}")]
    public async Task A_replace_removes_the_files_of_all_partitions(string layout)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace, Partitions = [Partition.Year("createdAt")] };
        await RunAsync(account, hints, [Order(1, "de", 1), """{"id":2,"createdAt":"2023-01-05T00:00:00Z"}"""], layout);
        await RunAsync(account, hints, [Order(3, "de", 1)], layout);
        Assert.Equal([["3", "2024"]], (await Some.QueryAsync(account, "SELECT id, created_at_year FROM orders")).Rows);
        Assert.Single(await FoldersAsync(account));
    }

    [Fact, Scenario("X-11")]
    public async Task Many_partitions_keep_every_row_and_value()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("part")] };
        var items = Enumerable.Range(0, 1000).Select(i => $$"""{"id":{{i}},"part":"p{{i % 250}}","text":"{{i}} é","half":{{i}}.5}""");
        await RunAsync(account, hints, [.. items]);
        Assert.Equal(250, (await FoldersAsync(account)).Count);
        Assert.Equal("1000", await Some.ValueAsync(
            account, "SELECT count(*) FROM orders WHERE part = 'p' || (id % 250) AND text = id || ' é' AND half = id + 0.5"));
    }

    [Fact]
    public async Task Values_of_every_type_keep_their_rows_in_partitions_of_random_order()
    {
        var account = Some.Account(_folder);
        var divided = new ResourceHints
        {
            NestedAs = NestedAs.Columns,
            Partitions = [Partition.Identity("part"), Partition.Day("moment")],
            Columns = [Column.Decimal("price", 20, 4), Column.Date("day"), Column.Binary("bytes")],
        };
        var random = new Random(5);
        string Value(string json) => random.Next(4) == 0 ? "null" : json;
        string[] items =
        [
            .. Enumerable.Range(0, 3000).Select(i => $$"""
                {"id":{{i}},"part":"p{{random.Next(7)}}","moment":"2024-05-0{{1 + random.Next(3)}}T0{{random.Next(10)}}:00:00.123456Z",
                "flag":{{Value("true")}},"price":{{Value($"{i}.2500")}},"half":{{Value($"{i}.5")}},"day":{{Value("\"2024-02-29\"")}},
                "bytes":{{Value("\"AQID\"")}},"text":{{Value($"\"{new string('é', i % 50)}\"")}},
                "list":{{Value($"[{i},{i + 1}]")}},"deep":{{Value($$"""{"a":{{i}},"b":[{"c":"{{i}}"}]}""")}}}
                """.ReplaceLineEndings("")),
        ];
        await RunAsync(account, divided, items);
        var plain = Some.Pipeline(account, "plain");
        await plain.RunAsync(Some.Resource("plain", divided with { Partitions = [] }, items), Cancellation);
        const string Columns = "id, part, moment, flag, price, half, day, bytes, text, list, deep";
        Assert.Equal("3000", await Some.ValueAsync(account, "SELECT count(*) FROM orders"));
        Assert.Equal(
            (await Some.QueryAsync(account, $"SELECT {Columns} FROM plain ORDER BY id")).Rows,
            (await Some.QueryAsync(account, $"SELECT {Columns} FROM orders ORDER BY id")).Rows);
        Assert.Equal("21", await Some.ValueAsync(account, "SELECT count(*) FROM (SELECT DISTINCT part, moment_day FROM orders) AS p"));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_into_memory_keep_their_partitions_and_order()
    {
        var account = Some.Account(_folder);
        var text = new string('x', 3_000);
        var items = Enumerable.Range(0, 30_000).Select(i => $$"""{"id":{{i}},"part":"p{{i * 7 % 5}}","text":"{{text}}{{i}}"}""");
        await RunAsync(account, new() { Partitions = [Partition.Identity("part")] }, [.. items]);
        Assert.Equal("30000", await Some.ValueAsync(
            account, "SELECT count(*) FROM orders WHERE part = 'p' || (id * 7 % 5) AND length(text) = 3000 + length(CAST(id AS varchar))"));
    }

    [Fact]
    public async Task Characters_that_folders_cannot_have_are_escaped()
    {
        var account = Some.Account(_folder);
        await RunAsync(
            account, new() { Partitions = [Partition.Identity("country")] }, ["""{"id":1,"country":"a/b=c%20: é"}"""]);
        Assert.Equal(["country=a%2Fb%3Dc%2520%3A é"], await FoldersAsync(account));
        Assert.Equal("a/b=c%20: é", await Some.ValueAsync(account, "SELECT country FROM orders"));
    }

    [Theory, InlineData("""{"id":2}"""), InlineData("""{"id":2,"country":""}"""), InlineData("""{"id":2,"country":"a,b"}""")]
    public async Task A_row_without_a_partition_is_refused_before_anything_is_uploaded(string row)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("country")] };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, hints, [Order(1, "de", 1), row]));
        Assert.Contains("'orders.country'", error.Message, StringComparison.Ordinal);
        Assert.All(await Machine.KeysAsync(account, "ds/"), key => Assert.StartsWith("ds/_dlt_lease/", key, StringComparison.Ordinal));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Theory, InlineData("projection", "k", 1000), InlineData("glue", "k", 1000), InlineData("glue", "/", 400)]
    public async Task A_value_that_makes_a_key_too_long_is_refused_before_anything_is_uploaded(string listing, string character, int count)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints
        {
            Partitions = [Partition.Identity("country")],
            Additional = [new("x-athena-hive-partitions", JsonValue.String(listing))],
        };
        var value = string.Concat(Enumerable.Repeat(character, count));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, hints, [Order(1, "de", 1), Order(2, value, 1)]));
        Assert.Contains("table 'orders' cannot be stored at s3://lake/ds/orders/country=", error.Message, StringComparison.Ordinal);
        Assert.Contains("longer than the 1024 bytes that S3 allows", error.Message, StringComparison.Ordinal);
        Assert.All(await Machine.KeysAsync(account, "ds/"), key => Assert.StartsWith("ds/_dlt_lease/", key, StringComparison.Ordinal));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Fact]
    public async Task A_load_archives_the_version_of_a_table_only_when_it_changes_more_than_parameters()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("country")] };
        var skipped = new List<bool>();
        var glue = Steps.Intercept(account.Glue, (method, given, call) =>
        {
            if (method == nameof(IGlueCatalog.UpdateTableAsync) && ((GlueTableInput)given[1]!).Name == "orders")
                skipped.Add((bool)given[3]!);
            return call();
        });
        var machine = new Machine(account, glue: glue);
        await machine.RunAsync(Some.Resource("orders", hints, Order(1, "de", 1)));
        await machine.RunAsync(Some.Resource("orders", hints, Order(2, "fr", 1)));
        Assert.Equal([true], skipped);
        await machine.RunAsync(Some.Resource("orders", hints, """{"id":3,"country":"de","note":"x"}"""));
        Assert.Equal([true, false], skipped);
    }

    [Fact]
    public async Task More_values_than_the_property_of_a_table_takes_are_refused_before_anything_is_uploaded()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("part")] };
        await RunAsync(account, hints, ["""{"id":1,"part":"first"}"""]);
        var before = await Machine.KeysAsync(account, "ds/");
        var many = Enumerable.Range(0, 520).Select(i => $$"""{"id":{{i}},"part":"{{new string('x', 1000)}}{{i}}"}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, hints, [.. many]));
        Assert.Contains("'orders.part'", error.Message, StringComparison.Ordinal);
        Assert.Contains("have 521,975 bytes, and Glue takes 512,000", error.Message, StringComparison.Ordinal);
        Assert.Contains("hive_partitions = \"glue\"", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(account, "ds/"));
    }

    [Fact]
    public async Task A_table_without_partitions_gets_none()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, new(), [Order(1, "de", 1)]);
        var before = await Machine.KeysAsync(account, "ds/");
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => RunAsync(account, new() { Partitions = [Partition.Identity("country")] }, [Order(2, "de", 1)]));
        Assert.Contains("has no partitions, but the resource divides its rows by 'country'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(account, "ds/"));
    }

    [Fact]
    public async Task A_table_with_other_partitions_is_refused()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, new() { Partitions = [Partition.Identity("country")] }, [Order(1, "de", 1)]);
        var before = await Machine.KeysAsync(account, "ds/");
        var other = new ResourceHints { Partitions = [Partition.Day("createdAt")] };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, other, [Order(2, "de", 1)]));
        Assert.Contains("has the partition key(s) 'country'", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Machine.KeysAsync(account, "ds/"));
    }

    [Fact]
    public async Task A_table_whose_partitions_are_in_folders_of_another_form_is_refused()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Identity("country")] };
        await RunAsync(account, hints, [Order(1, "de", 1)]);
        var table = (await TableAsync(account)).Definition;
        var parameters = table.Parameters!.Add("storage.location.template", "s3://lake/ds/orders/${country}/");
        await account.Glue.UpdateTableAsync("ds", table with { Parameters = parameters }, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, hints, [Order(2, "de", 1)]));
        Assert.Contains("names the folders of its partitions with storage.location.template", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("type", "injected"), InlineData("range", "2024-01-01,NOW"), InlineData("format", "yyyy/MM/dd")]
    public async Task A_table_that_computes_its_partitions_by_another_rule_is_refused(string member, string value)
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Partitions = [Partition.Day("createdAt")] };
        await RunAsync(account, hints, [Order(1, "de", 1)]);
        var table = (await TableAsync(account)).Definition;
        var parameters = table.Parameters!.SetItem($"projection.created_at_day.{member}", value);
        await account.Glue.UpdateTableAsync("ds", table with { Parameters = parameters }, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(account, hints, [Order(2, "de", 1)]));
        Assert.Contains("'created_at_day' by a rule that dlt did not write", error.Message, StringComparison.Ordinal);
        Assert.Equal(parameters, (await TableAsync(account)).Definition.Parameters!);
    }

    [Fact]
    public async Task An_external_table_has_no_buckets()
    {
        var account = Some.Account(_folder);
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => RunAsync(account, new() { Partitions = [Partition.Bucket(4, "id")] }, [Order(1, "de", 1)]));
        Assert.Contains("an Iceberg table can have it", error.Message, StringComparison.Ordinal);
    }

    private static string Order(int id, string country, int day) =>
        $$"""{"id":{{id}},"country":"{{country}}","createdAt":"2024-01-0{{day}}T23:30:00Z"}""";

    private async Task RunAsync(LocalAthena account, ResourceHints hints, string[] items, string? layout = null)
    {
        var options = new PipelineOptions
        {
            Configuration = layout is null
                ? Some.Configuration(account.Folder)
                : Some.Configuration(account.Folder, ("DESTINATION__FILESYSTEM__LAYOUT", layout)),
            Warn = _ => { },
        };
        var pipeline = Pipeline.Create("pipe", Dlt.Athena.Destination(account), "ds", options);
        await pipeline.RunAsync(Some.Resource("orders", hints, items), Cancellation);
    }

    private static async Task<GlueTable> TableAsync(LocalAthena account) =>
        (await account.Glue.GetTableAsync("ds", "orders", Cancellation))!;

    /// <summary>The folders below that of the table, without those that the layout makes.</summary>
    private static async Task<List<string>> FoldersAsync(LocalAthena account)
    {
        var keys = await Machine.KeysAsync(account, "ds/orders/");
        return [.. keys.Select(k => k["ds/orders/".Length..k.LastIndexOf('/')]).Distinct().Order(StringComparer.Ordinal)];
    }
}

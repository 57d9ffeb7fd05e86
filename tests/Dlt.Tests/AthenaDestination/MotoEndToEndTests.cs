using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Dlt.Tests.Iceberg.Catalogs;
using Dlt.Tests.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination;

public partial class MotoEndToEndTests
{
    private const string Bucket = "end-to-end";

    /// <summary>Prints the account as boto3 sees it: tables with location and columns, keys of objects.</summary>
    private const string Boto = """
        import boto3, json, sys
        url, bucket, database = sys.argv[1:]
        client = lambda service: boto3.client(
            service, endpoint_url=url, region_name="eu-central-1", aws_access_key_id="AK", aws_secret_access_key="SK")
        tables = [t for page in client("glue").get_paginator("get_tables").paginate(DatabaseName=database) for t in page["TableList"]]
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = [o["Key"] for page in pages for o in page.get("Contents", [])]
        print(json.dumps({
            "tables": {t["Name"]: {"location": t["StorageDescriptor"]["Location"],
                                   "columns": [[c["Name"], c["Type"]] for c in t["StorageDescriptor"]["Columns"]],
                                   "parameters": t["Parameters"], "keys": t["PartitionKeys"]} for t in tables},
            "objects": keys}))
        """;

    [Fact]
    public async Task An_aws_account_holds_after_a_run_what_the_local_account_holds()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        var environment = Settings(url);
        for (var run = 0; run < 2; run++)
        {
            var aws = Pipeline.Create("pipe", Athena.Destination(), "ds",
                new()
                {
                    Configuration = Some.Configuration(folder.Path, environment),
                    PipelinesFolder = folder.File("aws"),
                    Warn = _ => { }
                });
            await aws.RunAsync(Items(run), TestContext.Current.CancellationToken);
        }

        var account = Some.Account(folder);
        for (var run = 0; run < 2; run++) await Some.Pipeline(account).RunAsync(Items(run), TestContext.Current.CancellationToken);

        Assert.SkipUnless(Tool.Exists("python3"), "python3 is not installed: boto3 was NOT asked.");
        var seen = JsonParser.Parse((await Tool.RunAsync("python3", ["-c", Boto, url, Bucket, "ds"], environment: NoProxies)).Succeeded());
        var tables = new List<string>();
        await foreach (var table in account.Glue.GetTablesAsync("ds", TestContext.Current.CancellationToken))
        {
            tables.Add(table.Name);
            var other = seen["tables"]![table.Name]!;
            Assert.Equal(
                table.Location.Replace("s3://lake/", $"s3://{Bucket}/data/", StringComparison.Ordinal), other["location"]!.AsString());
            Assert.Equal(table.Columns.Select(c => $"{c.Name} {c.Type}"),
                other["columns"]!.Items.Select(c => $"{c.Items[0].AsString()} {c.Items[1].AsString()}"));
            if (table.IsIceberg)
                Assert.StartsWith(other["location"]!.AsString() + "/metadata/00", other["parameters"]!["metadata_location"]!.AsString(),
                    StringComparison.Ordinal);
            else Assert.Equal("ZSTD", other["parameters"]!["parquet.compression"]!.AsString());
            Assert.Empty(other["keys"]!.Items);
        }

        Assert.Equal(["_dlt_loads", "_dlt_pipeline_state", "_dlt_version", "items", "items__tags"], tables);
        Assert.Equal(tables, seen["tables"]!.Members.Names.Order(StringComparer.Ordinal));
        var local = new List<string>();
        await foreach (var item in account.Objects.ListAsync("lake", "", TestContext.Current.CancellationToken))
            local.Add(Folder(item.Location.Key));
        Assert.Equal(local.Order(StringComparer.Ordinal),
            seen["objects"]!.Items.Select(k => k.AsString()["data/".Length..]).Where(k => k.StartsWith("ds/", StringComparison.Ordinal))
            .Select(Folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_swap_changes_the_location_in_glue_and_leaves_one_file()
    {
        var url = await Moto.UrlAsync();
        Assert.SkipUnless(Tool.Exists("python3"), "python3 is not installed: boto3 was NOT asked.");
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        (string, string)[] environment = [.. Settings(url), ("DESTINATION__ATHENA__HIVE_REPLACE", "swap-location")];
        var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var folders = new HashSet<string>();
        for (var run = 0; run < 2; run++)
        {
            var aws = Pipeline.Create("swap", Athena.Destination(), "swap_ds", new()
            {
                Configuration = Some.Configuration(folder.Path, environment),
                PipelinesFolder = folder.File("aws"),
                Warn = _ => { },
            });
            await aws.RunAsync(Some.Resource("items", hints, """{"id":1}"""), TestContext.Current.CancellationToken);
            var read = await Tool.RunAsync("python3", ["-c", Boto, url, Bucket, "swap_ds"], environment: NoProxies);
            var seen = JsonParser.Parse(read.Succeeded());
            var location = seen["tables"]!["items"]!["location"]!.AsString();
            Assert.StartsWith($"s3://{Bucket}/data/swap_ds/items/_dlt_swap/", location, StringComparison.Ordinal);
            Assert.True(folders.Add(location));
            var file = Assert.Single(
                seen["objects"]!.Items.Select(k => k.AsString()), k => k.StartsWith("data/swap_ds/items/", StringComparison.Ordinal));
            Assert.StartsWith(location, $"s3://{Bucket}/{file}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_aws_cli_lists_the_tables_of_a_run()
    {
        var url = await Moto.UrlAsync();
        Assert.SkipUnless(Tool.Exists("aws"), "The AWS CLI is not installed: it was NOT asked.");
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        var aws = Pipeline.Create("cli", Athena.Destination(), "cli_ds",
            new()
            {
                Configuration = Some.Configuration(folder.Path, Settings(url)),
                PipelinesFolder = folder.File("aws"),
                Warn = _ => { }
            });
        await aws.RunAsync(Items(0), TestContext.Current.CancellationToken);
        var listed = await Tool.RunAsync(
            "aws", ["glue", "get-tables", "--database-name", "cli_ds", "--endpoint-url", url, "--region", Moto.Region, "--output", "json"],
            environment: new Dictionary<string, string?>(NoProxies) { ["AWS_ACCESS_KEY_ID"] = "AK", ["AWS_SECRET_ACCESS_KEY"] = "SK" });
        Assert.Contains("items__tags", JsonParser.Parse(listed.Succeeded())["TableList"]!.Items.Select(t => t["Name"]!.AsString()));
    }

    [Fact]
    public async Task Tables_of_a_rest_catalog_are_in_s3_and_are_read_with_vended_credentials()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        await using var server = new RestServer(folder.Path);
        server.LoadAnswer["config"] = new System.Text.Json.Nodes.JsonObject
        {
            ["s3.endpoint"] = url,
            ["s3.access-key-id"] = "AK",
            ["s3.secret-access-key"] = "SK",
            ["client.region"] = Moto.Region
        };
        using var catalog = Athena.RestCatalog(server.Uri, configuration: Some.Configuration(folder.Path));
        await catalog.CreateNamespaceAsync("shop", cancellationToken: TestContext.Current.CancellationToken);
        var schema = new Dlt.Iceberg.Schema([new(1, "n", new Dlt.Iceberg.PrimitiveType(Dlt.Iceberg.PrimitiveKind.Long))]);
        var table = await catalog.CreateTableAsync(
            new("shop", "numbers"), schema, location: $"s3://{Bucket}/rest/numbers",
            cancellationToken: TestContext.Current.CancellationToken);
        await using (var writer = new Dlt.Iceberg.DataFileWriter(table))
        {
            await writer.AddAsync([42L], TestContext.Current.CancellationToken);
            await table.NewTransaction().Append(await writer.CompleteAsync(TestContext.Current.CancellationToken))
                .CommitAsync(TestContext.Current.CancellationToken);
        }

        var rows = await TableScanRows.ReadAsync(
            (await catalog.LoadTableAsync(new("shop", "numbers"), TestContext.Current.CancellationToken)).Scan());
        Assert.Equal([new("42")], rows);
    }

    [Fact]
    public async Task State_is_restored_from_s3_when_the_working_folder_is_gone()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        var loaded = new List<long>();
        for (var run = 0; run < 3; run++)
        {
            // Each run has another working folder, so it gets the state of the last run from the bucket only.
            var pipeline = Pipeline.Create("restored", Athena.Destination(), "restored",
                new()
                {
                    Configuration = Some.Configuration(folder.Path, Settings(url)),
                    PipelinesFolder = folder.File($"run{run}"),
                    Warn = _ => { }
                });
            var info = await pipeline.RunAsync(
                Resource.Create("items", (context, _) => New(context)), TestContext.Current.CancellationToken);
            loaded.Add(info.RowCounts.GetValueOrDefault("items"));
        }

        Assert.Equal([2, 0, 0], loaded);

        static async IAsyncEnumerable<JsonValue> New(ResourceContext context)
        {
            await Task.CompletedTask;
            foreach (var id in new[] { "a", "b" })
                if (context.State.TryAddToList("seen", id)) yield return JsonValue.Object(("id", JsonValue.String(id)));
        }
    }

    [Fact]
    public async Task Partitions_in_glue_need_no_more_than_the_policy_of_the_doctor()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        DltConfiguration Configuration(string at) => Some.Configuration(
            folder.Path, [.. Settings(at), ("DESTINATION__ATHENA__HIVE_PARTITIONS", "glue")]);
        var cancellation = TestContext.Current.CancellationToken;
        var policy = await AthenaDoctor.PolicyAsync("parted", Configuration(url), cancellationToken: cancellation);
        await using var guarded = new AwsRecorder(url, new PolicyGuard(policy).Check);
        var hints = new ResourceHints { Partitions = [Partition.Identity("country")] };
        var replace = hints with { WriteDisposition = WriteDisposition.Replace };
        foreach (var resource in new[]
        {
            Some.Resource("orders", hints, """{"id":1,"country":"de"}""", """{"id":2}"""),
            Some.Resource("orders", hints, """{"id":3,"country":"de","note":"x"}"""),
            Some.Resource("orders", replace, """{"id":4,"country":"a/b","note":"x"}"""),
        })
        {
            var options = new PipelineOptions
            { Configuration = Configuration(guarded.Url), PipelinesFolder = folder.File("aws"), Warn = _ => { } };
            await Pipeline.Create("pipe", Athena.Destination(), "parted", options).RunAsync(resource, cancellation);
        }

        var glue = (await Moto.AccountAsync(Bucket)).Glue;
        var partition = Assert.Single(await glue.GetPartitionsAsync("parted", "orders", cancellation).ToListAsync(cancellation));
        Assert.Equal("a/b", partition.Values[0]);
        Assert.Equal($"s3://{Bucket}/data/parted/orders/country=a%2Fb/", partition.StorageDescriptor!.Location);
        Assert.Contains("note", partition.StorageDescriptor.Columns.Select(c => c.Name));
        Assert.Contains("glue:BatchDeletePartition", guarded.Actions);
    }

    [Theory, InlineData("copy-on-write"), InlineData("merge-on-read")]
    public async Task A_merge_needs_no_more_than_the_policy_of_the_doctor_and_leaves_the_rows_of_the_local_account(string mode)
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        using var folder = new TempFolder();
        var dataset = "merged_" + mode.Replace('-', '_');
        DltConfiguration Configuration(string at) => Some.Configuration(folder.Path, [.. Settings(at)]);
        var cancellation = TestContext.Current.CancellationToken;
        var policy = await AthenaDoctor.PolicyAsync(dataset, Configuration(url), cancellationToken: cancellation);
        await using var guarded = new AwsRecorder(url, new PolicyGuard(policy).Check);
        var hints = new ResourceHints
        {
            TableFormat = TableFormat.Iceberg,
            WriteDisposition = WriteDisposition.Merge,
            PrimaryKey = ["id"],
            HardDelete = "gone",
            TableProperties = ImmutableDictionary<string, string>.Empty.Add("write.merge.mode", mode),
        };
        LoadInfo? last = null;
        foreach (var items in new string[][]
        {
            ["""{"id":1,"lines":[1,2]}""", """{"id":2,"lines":[3]}""", """{"id":3}"""],
            ["""{"id":1,"lines":[4]}""", """{"id":2,"gone":true}"""],
            ["""{"id":1,"lines":[5,6]}""", """{"id":4}""", """{"id":4}"""],
        })
        {
            var options = new PipelineOptions
            { Configuration = Configuration(guarded.Url), PipelinesFolder = folder.File("aws"), Warn = _ => { } };
            last = await Pipeline.Create("pipe", Athena.Destination(), dataset, options)
                .RunAsync(Some.Resource("orders", hints, items), cancellation);
        }

        Assert.Equal(new(Inserted: 2, Updated: 0, Deleted: 1, Unchanged: 0), last!.Merged["orders"]);
        Assert.Equal(new(Inserted: 2, Updated: 0, Deleted: 1, Unchanged: 0), last.Merged["orders__lines"]);
        var aws = await Moto.AccountAsync(Bucket);
        var catalog = new GlueCatalog(aws.Glue, aws.Objects) { DataFileReader = new ParquetDataFileReader() };
        async Task<string> ValuesAsync(string table, string column)
        {
            var scan = (await catalog.LoadTableAsync(new(dataset, table), cancellation)).Scan().Select(column);
            return string.Join(",", (await scan.ReadRowsAsync(cancellation).ToListAsync(cancellation)).Select(r => r[0]).Order());
        }

        Assert.Equal(("1,3,4", "5,6"), (await ValuesAsync("orders", "id"), await ValuesAsync("orders__lines", "value")));
    }

    [Fact]
    public async Task A_bucket_that_is_missing_is_named_before_anything_is_made_and_the_corrected_setting_runs()
    {
        var url = await Moto.UrlAsync();
        using var folder = new TempFolder();
        var settings = Settings(url)
            .Select(s => s.Name.EndsWith("BUCKET_URL", StringComparison.Ordinal) ? (s.Name, "s3://missing-bucket/data") : s).ToArray();
        var pipeline = Pipeline.Create("missing", Athena.Destination(), "missing",
            new() { Configuration = Some.Configuration(folder.Path, settings), PipelinesFolder = folder.File("aws"), Warn = _ => { } });
        var error = await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(Items(0), TestContext.Current.CancellationToken));
        Assert.Contains("missing-bucket", error.Message, StringComparison.Ordinal);
        var glue = (await Moto.AccountAsync(Bucket)).Glue;
        Assert.Null(await glue.GetDatabaseAsync("missing", TestContext.Current.CancellationToken));
        var corrected = Pipeline.Create(
            "missing", Athena.Destination(), "missing",
            new()
            {
                Configuration = Some.Configuration(folder.Path, Settings(url)),
                PipelinesFolder = folder.File("aws"),
                Warn = _ => { },
            });
        var info = await corrected.RunAsync(Items(0), TestContext.Current.CancellationToken);
        Assert.Single(info.Packages);
        Assert.Equal(2, info.RowCounts["items"]);
    }

    private static readonly Dictionary<string, string?> NoProxies = new()
    { ["AWS_CA_BUNDLE"] = null, ["HTTP_PROXY"] = null, ["http_proxy"] = null };

    private static Resource Items(int run) => run == 0
        ? Some.Resource("items", """{"id":1,"name":"a","tags":["x","y"]}""", """{"id":2,"at":"2024-01-02T03:04:05Z"}""")
        : Some.Resource("items", """{"id":3,"name":7,"price":1.5}""");

    /// <summary>Returns the key without random parts: names of Parquet files, and ids in names of Iceberg metadata.</summary>
    private static string Folder(string key) =>
        key.EndsWith(".parquet", StringComparison.Ordinal) ? key[..key.LastIndexOf('/')] : ChanceIds().Replace(key, "*");

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=snap-)[0-9]+|(?<=_dlt_publish/)[0-9.]+[0-9]")]
    private static partial Regex ChanceIds();

    private static (string Name, string Value)[] Settings(string url) =>
    [
        ("DESTINATION__FILESYSTEM__BUCKET_URL", $"s3://{Bucket}/data"),
        ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", $"s3://{Bucket}/results"),
        .. Credentials("FILESYSTEM", url), .. Credentials("ATHENA", url),
    ];

    private static IEnumerable<(string, string)> Credentials(string block, string url) =>
    [
        ($"DESTINATION__{block}__CREDENTIALS__AWS_ACCESS_KEY_ID", "AK"),
        ($"DESTINATION__{block}__CREDENTIALS__AWS_SECRET_ACCESS_KEY", "SK"),
        ($"DESTINATION__{block}__CREDENTIALS__REGION_NAME", Moto.Region), ($"DESTINATION__{block}__CREDENTIALS__ENDPOINT_URL", url),
    ];
}

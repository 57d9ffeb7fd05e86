using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Doctor;

/// <summary><c>dlt doctor</c> as a process, over moto.</summary>
public sealed class DoctorCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_account_that_works_has_no_failed_line_and_nothing_is_left_in_the_bucket()
    {
        await using var aws = await AccountAsync("doctor-" + _id);
        var run = await RunAsync(aws.Url, "doctor", "--dataset", "Shop");
        run.Succeeded();
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, l => l.StartsWith("failed", StringComparison.Ordinal));
        foreach (var name in new[] { "login of S3", "clock", "bucket", "writing", "conditional writes", "Glue writing", "query" })
            Assert.Contains(lines, l => l.StartsWith("ok       " + name, StringComparison.Ordinal));
        Assert.Contains("put-bucket-lifecycle-configuration --bucket doctor-" + _id, run.Output, StringComparison.Ordinal);
        var account = Moto.Open(await Moto.UrlAsync());
        await using (account)
        {
            await foreach (var left in account.Objects.ListAsync("doctor-" + _id, "data", TestContext.Current.CancellationToken))
                Assert.Fail($"{left.Location} is left.");
        }
    }

    [Fact]
    public async Task A_missing_bucket_is_one_failed_line_with_the_command_that_creates_it()
    {
        await using var aws = await AccountAsync(null);
        var run = await RunAsync(aws.Url, "doctor", "--output", "json");
        Assert.Equal(1, run.ExitCode);
        var json = JsonParser.Parse(run.Output);
        Assert.False(json["ok"]!.AsBool());
        var failed = json["checks"]!.Items.Where(c => c["state"]!.AsString() == "failed").ToList();
        Assert.Equal("bucket", Assert.Single(failed)["name"]!.AsString());
        Assert.Contains($"aws s3 mb s3://doctor-{_id} --region eu-central-1", failed[0]["message"]!.AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_cannot_be_read_are_the_only_line()
    {
        _folder.Write(".dlt/config.toml", "[destination.athena]\nforce_iceberg = \"perhaps\"\n");
        var run = await RunAsync("http://127.0.0.1:1", "doctor");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("failed   settings", run.Output, StringComparison.Ordinal);
        Assert.Contains("1 check, 1 failed, 0 warnings.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_several_lines_about_settings_is_one_line()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://[your bucket]"
            [destination.athena]
            query_result_bucket = "s3://[your bucket]"
            """);
        var run = await RunAsync("http://127.0.0.1:1", "doctor");
        var line = run.Output.Split('\n')[0];
        Assert.Contains("2 settings were never filled in.", line, StringComparison.Ordinal);
        Assert.EndsWith("or add --local to run without an AWS account, in the folder .dlt-local.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("  ", line["failed   settings".Length..].TrimStart(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_is_not_toml_is_a_failed_line_of_the_json_too()
    {
        _folder.Write(".dlt/secrets.toml", "[destination\n");
        var run = await RunAsync("http://127.0.0.1:1", "doctor", "--output", "json");
        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(JsonParser.Parse(run.Output)["checks"]!.Items);
        Assert.Equal("failed", line["state"]!.AsString());
        Assert.Contains("secrets.toml", line["message"]!.AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_local_account_is_checked_without_settings()
    {
        var run = await RunAsync("http://127.0.0.1:1", "doctor", "--local");
        run.Succeeded();
        Assert.Contains("ok       query", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_needs_no_more_than_the_policy_that_doctor_prints()
    {
        await using var aws = await AccountAsync("doctor-" + _id);
        var printed = (await RunAsync(aws.Url, "doctor", "--policy", "--dataset", "Allowed" + _id)).Succeeded();
        Assert.Contains($"arn:aws:s3:::doctor-{_id}/data/allowed{_id}/*", printed, StringComparison.Ordinal);
        Assert.Contains($"arn:aws:glue:eu-central-1:123456789012:table/allowed{_id}/*", printed, StringComparison.Ordinal);
        var guard = new PolicyGuard(JsonParser.Parse(printed));
        await using var guarded = new AwsRecorder(await Moto.UrlAsync(), guard.Check);
        _folder.Write("people.jsonl", """{"id":1,"name":"a","tags":["x"]}""");
        foreach (var (table, options) in new (string, string[])[]
        {
            ("people", []), ("people", ["--replace"]), ("others", []), ("people", []),
        })
        {
            (await RunAsync(guarded.Url, ["load", "people.jsonl", "--dataset", "Allowed" + _id, "--table", table, .. options]))
                .Succeeded();
        }

        Assert.Contains("glue:CreateTable", guarded.Actions);
        Assert.Contains("s3:DeleteObject", guarded.Actions);
        var other = await RunAsync(guarded.Url, "load", "people.jsonl", "--dataset", "Denied" + _id, "--table", "people");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("lacks the permission s3:", other.Error, StringComparison.Ordinal);
        Assert.Contains("dlt doctor --policy", other.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_iceberg_load_needs_no_more_than_the_policy_that_doctor_prints()
    {
        await using var aws = await AccountAsync("doctor-" + _id);
        var printed = (await RunAsync(aws.Url, "doctor", "--policy", "--dataset", "ice" + _id)).Succeeded();
        await using var guarded = new AwsRecorder(await Moto.UrlAsync(), new PolicyGuard(JsonParser.Parse(printed)).Check);
        _folder.Write(".dlt/config.toml", "[destination.athena]\nforce_iceberg = true\n");
        _folder.Write("people.jsonl", """{"id":1,"name":"a","tags":["x"]}""");
        foreach (var options in new string[][] { [], ["--replace"], [] })
            (await RunAsync(guarded.Url, ["load", "people.jsonl", "--dataset", "ice" + _id, "--table", "people", .. options])).Succeeded();
        Assert.Contains("glue:UpdateTable", guarded.Actions);
    }

    [Fact]
    public async Task Looking_for_orphans_needs_no_more_than_the_policy_that_doctor_prints()
    {
        await using var aws = await AccountAsync("doctor-" + _id);
        var printed = (await RunAsync(aws.Url, "doctor", "--policy", "--dataset", "clean" + _id)).Succeeded();
        await using var guarded = new AwsRecorder(await Moto.UrlAsync(), new PolicyGuard(JsonParser.Parse(printed)).Check);
        _folder.Write("people.jsonl", """{"id":1}""");
        (await RunAsync(guarded.Url, "load", "people.jsonl", "--dataset", "clean" + _id, "--table", "people")).Succeeded();
        var run = await RunAsync(guarded.Url, "maintain", "orphans", "clean" + _id);
        run.Succeeded();
        Assert.DoesNotContain("Warning", run.Error, StringComparison.Ordinal);
        Assert.Contains("glue:GetDatabases", guarded.Actions);
    }

    [Fact]
    public async Task Upkeep_of_tables_needs_no_more_than_the_policy_that_doctor_prints()
    {
        await using var aws = await AccountAsync("doctor-" + _id);
        var dataset = "kept" + _id;
        var printed = (await RunAsync(aws.Url, "doctor", "--policy", "--dataset", dataset)).Succeeded();
        await using var guarded = new AwsRecorder(await Moto.UrlAsync(), new PolicyGuard(JsonParser.Parse(printed)).Check);
        _folder.Write(".dlt/config.toml", "[destination.athena]\nforce_iceberg = true\n");
        for (var id = 0; id < 5; id++)
        {
            _folder.Write("people.jsonl", $$"""{"id":{{id}}}""");
            (await RunAsync(guarded.Url, "load", "people.jsonl", "--dataset", dataset, "--table", "people")).Succeeded();
        }

        var compacted = (await RunAsync(guarded.Url, "maintain", "compact", dataset, "--apply")).Succeeded();
        Assert.Contains("people: rewrote 5 data file(s)", compacted, StringComparison.Ordinal);
        var expired = (await RunAsync(guarded.Url, "maintain", "expire", dataset, "--older-than", "0", "--apply")).Succeeded();
        Assert.Contains("people: 0 snapshot(s) would expire", expired, StringComparison.Ordinal);
        // Moto lacks BatchDeleteTableVersion, so nothing is deleted.
        var versions = (await RunAsync(guarded.Url, "maintain", "glue-versions", dataset, "--keep", "1000")).Succeeded();
        Assert.Matches(@"people: [0-9]+ old version\(s\), of which 0 would be deleted", versions);
        Assert.Contains("glue:GetTableVersions", guarded.Actions);
    }

    [Fact]
    public async Task The_policy_has_what_settings_of_objects_and_tags_need()
    {
        await using var aws = await AccountAsync(null);
        _folder.Write(".dlt/config.toml", """
            [destination.filesystem.kwargs.s3_additional_kwargs]
            ServerSideEncryption = "aws:kms"
            SSEKMSKeyId = "11111111-2222-3333-4444-555555555555"
            ACL = "bucket-owner-full-control"
            [destination.athena.lakeformation_config]
            enabled = true
            tags = { domain = "sales" }

            """);
        var printed = (await RunAsync(aws.Url, "doctor", "--policy")).Succeeded();
        Assert.Contains(
            "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555", printed, StringComparison.Ordinal);
        foreach (var action in new[] { "kms:GenerateDataKey", "s3:PutObjectAcl", "lakeformation:AddLFTagsToResource" })
            Assert.Contains(action, printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_of_a_dataset_allows_its_folders_only()
    {
        await using var aws = await AccountAsync(null);
        _folder.Write(".dlt/config.toml", "[destination.athena]\ntable_location_layout = \"ice/{table_name}-{location_tag}\"\n");
        var printed = JsonParser.Parse((await RunAsync(aws.Url, "doctor", "--policy", "--dataset", "web")).Succeeded());
        var root = $"arn:aws:s3:::doctor-{_id}/data/";
        Assert.Equal(
            [$"{root}_dlt_doctor/*", $"{root}ice/*-*/*", $"{root}web/*", $"{root}web_staging/*"],
            ResourcesOf(printed, "Data").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_policy_of_a_destination_that_is_read_only_writes_nothing_but_results()
    {
        await using var aws = await AccountAsync(null);
        _folder.Write(".dlt/config.toml", """
            [destination.filesystem]
            read_only = true
            [destination.filesystem.kwargs.s3_additional_kwargs]
            SSEKMSKeyId = "11111111-2222-3333-4444-555555555555"
            ServerSideEncryption = "aws:kms"

            """);
        var printed = JsonParser.Parse((await RunAsync(aws.Url, "doctor", "--policy")).Succeeded());
        Assert.Equal(["s3:GetObject"], ActionsOf(printed, "Data"));
        Assert.Equal(["kms:Decrypt"], ActionsOf(printed, "Key"));
        Assert.Equal(["glue:GetDatabase", "glue:GetTable", "glue:GetTables"], ActionsOf(printed, "Tables"));
        Assert.Contains("s3:PutObject", ActionsOf(printed, "Results"));
    }

    [Fact]
    public async Task The_policy_has_what_settings_of_queries_need()
    {
        await using var aws = await AccountAsync(null);
        _folder.Write(".dlt/config.toml", """
            [destination.athena.connection_params]
            encryption_option = "SSE_KMS"
            kms_key = "arn:aws:kms:eu-central-1:123456789012:key/q"
            acl_option = "BUCKET_OWNER_FULL_CONTROL"

            """);
        var printed = JsonParser.Parse((await RunAsync(aws.Url, "doctor", "--policy")).Succeeded());
        Assert.Equal(["arn:aws:kms:eu-central-1:123456789012:key/q"], ResourcesOf(printed, "ResultKey"));
        Assert.Equal(["kms:GenerateDataKey", "kms:Decrypt"], ActionsOf(printed, "ResultKey"));
        Assert.Contains("s3:PutObjectAcl", ActionsOf(printed, "Results"));
        Assert.DoesNotContain("s3:PutObjectAcl", ActionsOf(printed, "Data"));
    }

    [Fact]
    public async Task The_role_of_queries_and_the_login_of_files_have_a_policy_each()
    {
        const string role = "arn:aws:iam::111122223333:role/q";
        await using var aws = await AccountAsync(null);
        _folder.Write(".dlt/config.toml", $"[destination.athena.connection_params]\nrole_arn = \"{role}\"\n");
        var printed = JsonParser.Parse((await RunAsync(aws.Url, "doctor", "--policy", "--dataset", "web")).Succeeded());
        Assert.Equal(["AK", role], printed.Members.Names);
        var (files, queries) = (printed["AK"]!, printed[role]!);
        Assert.Equal([role], ResourcesOf(files, "Role"));
        Assert.Equal(["sts:AssumeRole"], ActionsOf(files, "Role"));
        Assert.Equal(["Role", "Bucket", "Data", "OrphanUploads"], files["Statement"]!.Items.Select(s => s["Sid"]!.AsString()));
        Assert.Equal(["s3:GetObject"], ActionsOf(queries, "QueriedData"));
        Assert.Equal(ResourcesOf(files, "Data"), ResourcesOf(queries, "QueriedData"));
        Assert.Contains("glue:GetDatabases", ActionsOf(queries, "Orphans"));
        Assert.Equal(["arn:aws:athena:eu-central-1:111122223333:workgroup/primary"], ResourcesOf(queries, "Queries"));
    }

    private static IEnumerable<string> ActionsOf(JsonValue policy, string id) => MembersOf(policy, id, "Action");

    private static IEnumerable<string> ResourcesOf(JsonValue policy, string id) => MembersOf(policy, id, "Resource");

    private static IEnumerable<string> MembersOf(JsonValue policy, string id, string member) =>
        policy["Statement"]!.Items.Single(s => s["Sid"]!.AsString() == id)[member]!.Items.Select(a => a.AsString());

    [Fact]
    public async Task The_policy_names_the_partition_of_the_region()
    {
        await using var aws = await AccountAsync(null);
        var secrets = await File.ReadAllTextAsync(_folder.File(".dlt", "secrets.toml"), TestContext.Current.CancellationToken);
        _folder.Write(".dlt/secrets.toml", secrets.Replace("eu-central-1", "cn-north-1", StringComparison.Ordinal));
        var printed = (await RunAsync(aws.Url, "doctor", "--policy")).Succeeded();
        Assert.Contains($"arn:aws-cn:s3:::doctor-{_id}", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("arn:aws:", printed, StringComparison.Ordinal);
    }

    private async Task<AwsRecorder> AccountAsync(string? bucket)
    {
        var url = await Moto.UrlAsync();
        if (bucket is not null) await Moto.CreateBucketAsync(url, bucket);
        await Moto.CreateBucketAsync(url, "doctor-results");
        _folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://doctor-{_id}/data"
            [destination.filesystem.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            [destination.athena]
            query_result_bucket = "s3://doctor-results"
            [destination.athena.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            region_name = "eu-central-1"

            """);
        return new(url);
    }

    private Task<ToolResult> RunAsync(string url, params string[] arguments) => Tool.RunAsync(
        "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), .. arguments], _folder.Path,
        CleanEnvironment.Of(_folder, ("AWS_ENDPOINT_URL", url)));
}

using System.Net;
using Dlt.Aws;
using Dlt.Internal;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Doctor;

/// <summary>What each check finds when something is wrong.</summary>
public sealed class AwsDoctorTests
{
    private const string Identity = """
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
        <Arn>arn:aws:iam::123456789012:user/x</Arn><UserId>U</UserId><Account>123456789012</Account>
        </GetCallerIdentityResult></GetCallerIdentityResponse>
        """;

    private static readonly (int, string)? Denied = (403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");

    private readonly string _bucket = $"doctor-checks-{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("s3:ListBucket", "bucket", CheckState.Failed)]
    [InlineData("s3:PutObject", "writing", CheckState.Failed)]
    [InlineData("s3:DeleteObject", "writing", CheckState.Failed)]
    [InlineData("s3:ListBucketMultipartUploads", "unfinished uploads", CheckState.Warning)]
    [InlineData("glue:GetDatabase", "Glue reading", CheckState.Failed)]
    [InlineData("glue:UpdateTable", "Glue writing", CheckState.Failed)]
    [InlineData("glue:DeleteTable", "Glue writing", CheckState.Failed)]
    [InlineData("athena:GetWorkGroup", "workgroup", CheckState.Failed)]
    [InlineData("athena:StartQueryExecution", "query", CheckState.Failed)]
    public async Task A_missing_right_is_named_by_its_check(string action, string check, CheckState state)
    {
        await using var aws = await RecorderAsync((call, body) => PolicyGuard.NeedsOf(call, body).All(n => n.Action != action) ? null
            : call.Headers["X-Amz-Target"] is null
                ? Denied
                : (400, """{"__type":"AccessDeniedException","Message":"not authorized"}"""));
        var found = (await RunAsync(aws, new() { Account = Account(aws.Url), Database = "shop" })).Single(r => r.Name == check);
        Assert.Equal(state, found.State);
        Assert.Contains(action, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_that_cannot_be_removed_is_the_failure_of_one_check()
    {
        await using var aws = await RecorderAsync((call, body) => PolicyGuard.NeedsOf(call, body).Any(n => n.Action == "s3:DeleteObject")
            ? (403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>") : null);
        var results = await RunAsync(aws, new() { Account = Account(aws.Url) });
        Assert.Equal(["writing"], results.Where(r => r.State == CheckState.Failed).Select(r => r.Name));
    }

    [Fact]
    public async Task A_login_that_aws_refuses_ends_the_checks()
    {
        await using var aws = await RecorderAsync((_, _) =>
            (403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>No.</Message></Error></ErrorResponse>"));
        var results = await RunAsync(aws, new() { Account = Account(aws.Url) });
        Assert.Equal(["login of Glue and Athena", "login of S3", "clock"], results.Select(r => r.Name));
        Assert.Equal(CheckState.Failed, results[0].State);
        Assert.Contains("does not know the access key", results[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_destination_is_not_written_to()
    {
        await using var aws = await RecorderAsync();
        var results = await RunAsync(aws, new() { Account = Account(aws.Url), IsReadOnly = true });
        Assert.DoesNotContain(aws.Actions, a => a is "s3:PutObject" or "s3:DeleteObject" or "glue:UpdateTable" or "glue:CreateTable");
        Assert.Contains("read_only", results.Single(r => r.Name == "writing").Message, StringComparison.Ordinal);
        Assert.DoesNotContain(results, r => r.State == CheckState.Failed);
    }

    [Fact]
    public async Task A_store_that_overwrites_in_spite_of_the_condition_is_found()
    {
        await using var aws = await RecorderAsync((call, _) =>
        {
            call.Headers.Remove("If-None-Match");
            return null;
        });
        var found = (await RunAsync(aws, new() { Account = Account(aws.Url) })).Single(r => r.Name == "conditional writes");
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Contains("If-None-Match", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_cannot_be_read_is_removed()
    {
        await using var aws = await RecorderAsync((call, _) => IsReadOfProbe(call) ? Denied : null);
        var found = await RunAsync(aws, new() { Account = Account(aws.Url) });
        foreach (var name in new[] { "writing", "encryption" })
        {
            var result = found.Single(r => r.Name == name);
            Assert.Equal(CheckState.Failed, result.State);
            Assert.Contains("s3:GetObject", result.Message, StringComparison.Ordinal);
        }

        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_probe_is_removed_when_the_checks_are_stopped()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var aws = await RecorderAsync((call, _) =>
        {
            if (!IsReadOfProbe(call)) return null;
            stop.Cancel();
            return Denied;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in AwsDoctor.RunAsync(new() { Account = Account(aws.Url) }, RetryWaits.Silent, stop.Token))
                Assert.NotEqual("writing", result.Name);
        });
        Assert.Empty(await LeftAsync());
    }

    [Fact]
    public async Task A_probe_that_can_neither_be_read_nor_removed_is_named()
    {
        await using var aws = await RecorderAsync((call, body) =>
            IsReadOfProbe(call) || PolicyGuard.NeedsOf(call, body).Any(n => n.Action == "s3:DeleteObject") ? Denied : null);
        var found = (await RunAsync(aws, new() { Account = Account(aws.Url) })).Single(r => r.Name == "writing");
        Assert.Contains("s3:GetObject", found.Message, StringComparison.Ordinal);
        Assert.Contains("s3:DeleteObject", found.Message, StringComparison.Ordinal);
        Assert.Contains((await LeftAsync()).Select(l => $"{l} stays."), l => found.Message.Contains(l, StringComparison.Ordinal));
    }

    [Theory, InlineData(3, CheckState.Warning), InlineData(-40, CheckState.Failed), InlineData(0, CheckState.Ok)]
    public async Task The_clock_is_compared_with_that_of_aws(int minutes, CheckState state)
    {
        var there = TimeProvider.System.GetUtcNow().AddMinutes(-minutes);
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.AddHeader("Date", there.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            var isSts = call.Request.ContentType?.Contains("form-urlencoded", StringComparison.Ordinal) == true;
            call.Response.StatusCode = isSts ? 200 : 403;
            await LoopbackServer.WriteAsync(call, isSts ? Identity : "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>");
        });
        var results = new List<CheckResult>();
        var options = new AwsDoctorOptions { Account = Account(server.Url) };
        await foreach (var result in AwsDoctor.RunAsync(options, new(new NoWaits(), _ => { }), Cancellation)) results.Add(result);
        Assert.Equal(state, results.Single(r => r.Name == "clock").State);
    }

    [Theory]
    [InlineData("""{"State":"DISABLED"}""", "s3://r", CheckState.Failed, "update-work-group")]
    [InlineData("""{"State":"ENABLED","Configuration":{"ManagedQueryResultsConfiguration":{"Enabled":true}}}""", "s3://r",
        CheckState.Failed, "Remove query_result_bucket")]
    [InlineData("""{"State":"ENABLED","Configuration":{"ManagedQueryResultsConfiguration":{"Enabled":true}}}""", null, CheckState.Ok, "")]
    [InlineData("""{"Configuration":{"EnforceWorkGroupConfiguration":true,"ResultConfiguration":{"OutputLocation":"s3://own/"}}}""",
        "s3://r", CheckState.Warning, "s3://own/")]
    [InlineData("""{"Configuration":{"EnforceWorkGroupConfiguration":true,"ResultConfiguration":{"OutputLocation":"s3://own/"}}}""",
        "s3://own", CheckState.Ok, "s3://own/")]
    [InlineData("""{"Configuration":{"EnforceWorkGroupConfiguration":false}}""", null, CheckState.Failed, "query_result_bucket")]
    [InlineData("""{"Configuration":{"EnforceWorkGroupConfiguration":false}}""", "s3://r", CheckState.Ok, "s3://r")]
    public async Task The_workgroup_is_compared_with_the_settings(string group, string? results, CheckState state, string said)
    {
        await using var aws = await RecorderAsync((call, _) => call.Headers["X-Amz-Target"] == "AmazonAthena.GetWorkGroup"
            ? (200, $$"""{"WorkGroup":{{group}}}""") : null);
        var account = Account(aws.Url) with { QueryResultBucket = results };
        var found = (await RunAsync(aws, new() { Account = account })).Single(r => r.Name == "workgroup");
        Assert.Equal(state, found.State);
        Assert.Contains(said, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GetWorkGroup", """{"WorkGroup":null}""", 200, "workgroup", "no workgroup 'etl'")]
    [InlineData("GetWorkGroup", "{}", 200, "workgroup", "athena_work_group")]
    [InlineData("GetWorkGroup", "null", 200, "workgroup", "aws athena create-work-group --name etl")]
    [InlineData("GetWorkGroup", """{"__type":"InvalidRequestException","Message":"WorkGroup is not found."}""", 400, "workgroup",
        "athena_work_group in [destination.athena]")]
    [InlineData("StartQueryExecution", """{"__type":"InvalidRequestException","Message":"WorkGroup is not found."}""", 400, "query",
        "athena_work_group in [destination.athena]")]
    [InlineData("StartQueryExecution", """{"QueryExecutionId":null}""", 200, "query", "no complete 'QueryExecutionId'")]
    [InlineData("GetQueryExecution", """{"QueryExecution":null}""", 200, "query", "no complete 'QueryExecution'")]
    [InlineData("GetQueryExecution", """{"QueryExecution":{"Status":{"State":null}}}""", 200, "query", "no complete 'State'")]
    [InlineData("GetDataCatalog", """{"DataCatalog":null}""", 200, "data catalog", "no data catalog 'mycat'")]
    [InlineData("GetDataCatalog", """{"DataCatalog":null}""", 200, "Glue reading", "aws_data_catalog")]
    [InlineData("GetDataCatalog", """{"__type":"InvalidRequestException","Message":"DataCatalog mycat was not found"}""", 400,
        "data catalog", "aws_data_catalog")]
    public async Task An_answer_of_athena_without_its_member_is_a_failed_line(
        string operation, string answer, int status, string check, string said)
    {
        await using var aws = await RecorderAsync((call, _) =>
            call.Headers["X-Amz-Target"] == "AmazonAthena." + operation ? (status, answer) : null);
        var group = operation == "GetQueryExecution" ? null : "etl";
        var account = Account(aws.Url) with { WorkGroup = group, Catalog = check is "workgroup" or "query" ? "awsdatacatalog" : "mycat" };
        var found = (await RunAsync(aws, new() { Account = account })).Single(r => r.Name == check);
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Contains(said, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HIVE", true, CheckState.Ok, "mycat of type HIVE, which is served by arn:aws:lambda:eu-central-1:1:function:hms")]
    [InlineData("LAMBDA", true, CheckState.Ok, "mycat of type LAMBDA, which is served by arn:aws:lambda:eu-central-1:1:function:hms")]
    [InlineData("HIVE", false, CheckState.Failed, "Set ddl = \"athena\" in [destination.athena].")]
    [InlineData("FEDERATED", true, CheckState.Failed, "catalogs of type GLUE, HIVE and LAMBDA")]
    public async Task A_catalog_that_glue_does_not_serve_is_read_by_athena_and_changed_by_statements(
        string type, bool usesStatements, CheckState state, string said)
    {
        await using var aws = await RecorderAsync((call, _) => call.Headers["X-Amz-Target"] switch
        {
            "AmazonAthena.GetDataCatalog" => (200, """
                {"DataCatalog":{"Name":"mycat","Type":"T","Parameters":{"metadata-function":"arn:aws:lambda:eu-central-1:1:function:hms"}}}
                """.Replace("\"T\"", $"\"{type}\"", StringComparison.Ordinal)),
            "AmazonAthena.GetDatabase" => (200, """{"Database":{"Name":"shop"}}"""),
            "AmazonAthena.ListTableMetadata" => (200, """{"TableMetadataList":[]}"""),
            _ => null,
        });
        var account = Account(aws.Url) with { Catalog = "mycat" };
        var results = await RunAsync(aws, new() { Account = account, Database = "shop", UsesStatements = usesStatements });
        var found = results.Single(r => r.Name == "data catalog");
        Assert.Equal(state, found.State);
        Assert.Contains(said, found.Message, StringComparison.Ordinal);
        if (type == "FEDERATED") return;
        Assert.Equal("the database 'shop' can be read", results.Single(r => r.Name == "Glue reading").Message);
        Assert.StartsWith("statements of Athena drop tables of 'mycat.shop'", results.Single(r => r.Name == "Glue writing").Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain(aws.Actions, a => a.StartsWith("glue:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_function_that_the_login_may_not_call_is_named()
    {
        const string denied =
            "User: x is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:1:function:hms";
        await using var aws = await RecorderAsync((call, _) => call.Headers["X-Amz-Target"] switch
        {
            "AmazonAthena.GetDataCatalog" => (200, """{"DataCatalog":{"Name":"mycat","Type":"HIVE","Parameters":{}}}"""),
            "AmazonAthena.GetDatabase" => (400, $$"""{"__type":"MetadataException","Message":"{{denied}}"}"""),
            _ => null,
        });
        var results = await RunAsync(aws, new() { Account = Account(aws.Url) with { Catalog = "mycat" }, UsesStatements = true });
        var found = results.Single(r => r.Name == "Glue reading");
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Contains("lacks the permission lambda:InvokeFunction on arn:aws:lambda:1:function:hms", found.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_members_of_a_workgroup_mean_the_same_as_missing_ones()
    {
        await using var aws = await RecorderAsync((call, _) => call.Headers["X-Amz-Target"] == "AmazonAthena.GetWorkGroup"
            ? (200, """{"WorkGroup":{"State":null,"Configuration":{"ResultConfiguration":null,"EngineVersion":null}}}""") : null);
        var found = (await RunAsync(aws, new() { Account = Account(aws.Url) })).Single(r => r.Name == "workgroup");
        Assert.Equal(CheckState.Ok, found.State);
    }

    [Fact]
    public async Task An_error_that_no_check_expects_is_its_failed_line_and_the_others_run()
    {
        await using var aws = await RecorderAsync((call, _) =>
            call.Headers["X-Amz-Target"] == "AmazonAthena.GetWorkGroup" ? (200, """{"WorkGroup":["surprise"]}""") : null);
        var results = await RunAsync(aws, new() { Account = Account(aws.Url) });
        Assert.Equal(CheckState.Failed, results.Single(r => r.Name == "workgroup").State);
        Assert.Contains(results, r => r.Name == "query");
    }

    [Fact]
    public async Task Results_in_another_region_are_found()
    {
        await using var aws = await RecorderAsync();
        var account = Account(aws.Url) with { Credentials = Moto.Credentials(aws.Url) with { RegionName = "eu-west-1" } };
        var results = await RunAsync(aws, new() { Account = account });
        Assert.Equal(CheckState.Warning, results.Single(r => r.Name == "bucket").State);
        var found = results.Single(r => r.Name == "query results");
        Assert.Equal(CheckState.Failed, found.State);
        Assert.Contains("eu-central-1", found.Message, StringComparison.Ordinal);
    }

    private AwsAccountOptions Account(string url) => new()
    {
        Credentials = Moto.Credentials(url),
        BucketUrl = $"s3://{_bucket}/data",
        QueryResultBucket = $"s3://{_bucket}/results",
    };

    private async Task<AwsRecorder> RecorderAsync(Func<HttpListenerRequest, byte[], (int, string)?>? intercept = null)
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, _bucket);
        return new(url, intercept);
    }

    private static bool IsReadOfProbe(HttpListenerRequest call) =>
        call.HttpMethod is "GET" or "HEAD" && call.Url!.AbsolutePath.Contains("/_dlt_doctor/", StringComparison.Ordinal);

    /// <summary>The objects that are left in the bucket.</summary>
    private async Task<List<string>> LeftAsync()
    {
        await using var account = Moto.Open(await Moto.UrlAsync());
        return await account.Objects.ListAsync(_bucket, "", Cancellation).Select(o => o.Location.ToString()).ToListAsync(Cancellation);
    }

    private static async Task<List<CheckResult>> RunAsync(AwsRecorder aws, AwsDoctorOptions options)
    {
        var results = new List<CheckResult>();
        Assert.NotEmpty(aws.Url);
        await foreach (var result in AwsDoctor.RunAsync(options, RetryWaits.Silent, Cancellation)) results.Add(result);
        Assert.All(results, r => Assert.DoesNotContain('\n', r.Message));
        return results;
    }
}

using Dlt.Aws;
using Dlt.Json;
using Dlt.Tests.Support;
using Dlt.Tests.Support.Services;

namespace Dlt.Tests.Aws.Doctor;

/// <summary>What the policy of the doctor allows where Athena changes tables, or the workgroup says where results go.</summary>
public sealed class StatementPolicyTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Merges_by_Athena_need_no_more_than_the_policy_and_leave_no_helper_table()
    {
        var account = new LocalAthena(_folder.File("account"));
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        await using var server = new AccountServer(account) { Athena = new AthenaAnswers(account) };
        var policy = await AthenaDoctor.PolicyAsync("ds", Configuration(server.Url), cancellationToken: Cancellation);
        await using var guarded = new AwsRecorder(server.Url, new PolicyGuard(policy).Check);
        var hints = new ResourceHints
        {
            WriteDisposition = WriteDisposition.Merge,
            TableFormat = TableFormat.Iceberg,
            PrimaryKey = ["id"],
        };
        var options = new PipelineOptions
        {
            Configuration = Configuration(guarded.Url),
            PipelinesFolder = _folder.File("pipelines"),
            Warn = _warnings.Add,
        };
        await Pipeline.Create("pipe", Athena.Destination(), "ds", options)
            .RunAsync(Some.Resource("t", hints, """{"id":1,"i":[1]}"""), Cancellation);
        Assert.DoesNotContain(_warnings, w => w.Contains("Helper tables", StringComparison.Ordinal));
        await foreach (var left in account.Objects.ListAsync("lake", "results/", Cancellation)) Assert.Fail($"{left.Location} is left.");
    }

    [Theory]
    [InlineData("DDL", "athena", "s3:GetObject,s3:PutObject,s3:DeleteObject,s3:AbortMultipartUpload")]
    [InlineData("MERGE_ENGINE", "athena", "s3:GetObject,s3:PutObject,s3:DeleteObject,s3:AbortMultipartUpload")]
    [InlineData("DDL", "glue", "s3:GetObject")]
    public async Task Statements_that_change_tables_write_files_with_the_login_of_Athena(string setting, string value, string actions)
    {
        await using var server = Server("{}");
        var queries = Moto.Credentials(server.Url);
        var options = new AthenaOptions { Credentials = queries, StorageCredentials = queries with { AccessKeyId = "FILES" } };
        var configuration = Some.Configuration(
            _folder.Path, ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://lake"), ("DESTINATION__ATHENA__" + setting, value));
        var policy = await AthenaDoctor.PolicyAsync("ds", configuration, options: options, cancellationToken: Cancellation);
        Assert.Equal(actions, string.Join(',', ValuesOf(policy["AK"]!, "QueriedData", "Action")));
    }

    [Theory]
    [InlineData("""{"ResultConfiguration":{"OutputLocation":"s3://of-group/etl/"}}""", null, "arn:aws:s3:::of-group/etl/*")]
    [InlineData("""{"ResultConfiguration":{"OutputLocation":"s3://of-group"}}""", "s3://own", "arn:aws:s3:::own/*")]
    [InlineData(
        """{"EnforceWorkGroupConfiguration":true,"ResultConfiguration":{"OutputLocation":"s3://of-group"}}""", "s3://own",
        "arn:aws:s3:::of-group/*")]
    [InlineData("""{"ManagedQueryResultsConfiguration":{"Enabled":true}}""", null, null)]
    public async Task Results_go_where_the_workgroup_says(string configured, string? own, string? allowed)
    {
        await using var server = Server("{\"WorkGroup\":{\"Configuration\":" + configured + "}}");
        var login = Moto.Credentials(server.Url);
        var options = new AthenaOptions { Credentials = login, StorageCredentials = login, QueryResultBucket = own };
        var configuration = Some.Configuration(_folder.Path, ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://lake"));
        var policy = await AthenaDoctor.PolicyAsync("ds", configuration, options: options, cancellationToken: Cancellation);
        Assert.Equal(allowed, ValuesOf(policy, "Results", "Resource").SingleOrDefault());
    }

    /// <summary>Answers the calls of Athena, and refuses those of STS.</summary>
    private static LoopbackServer Server(string answer) => new((call, _) =>
    {
        var isAthena = call.Request.Headers["X-Amz-Target"] is not null;
        call.Response.StatusCode = isAthena ? 200 : 400;
        return LoopbackServer.WriteAsync(
            call, isAthena ? answer : "<ErrorResponse><Error><Code>InvalidAction</Code><Message>no</Message></Error></ErrorResponse>");
    });

    private static List<string> ValuesOf(JsonValue policy, string id, string member) =>
        [.. policy["Statement"]!.Items.Where(s => s["Sid"]!.AsString() == id).SelectMany(s => s[member]!.Items).Select(a => a.AsString())];

    private DltConfiguration Configuration(string url) => Some.Configuration(
        _folder.Path,
        ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://lake"),
        ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", "s3://lake/results"),
        ("DESTINATION__ATHENA__MERGE_ENGINE", "athena"),
        ("DESTINATION__CREDENTIALS__AWS_ACCESS_KEY_ID", "AK"),
        ("DESTINATION__CREDENTIALS__AWS_SECRET_ACCESS_KEY", "SK"),
        ("DESTINATION__CREDENTIALS__REGION_NAME", Moto.Region),
        ("DESTINATION__CREDENTIALS__ENDPOINT_URL", url));
}

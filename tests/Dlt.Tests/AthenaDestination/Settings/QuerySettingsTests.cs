using System.Collections.Concurrent;
using Dlt.Destinations.Settings;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Settings of queries reach the request that starts one.</summary>
public sealed class QuerySettingsTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<(string Target, JsonValue Body)> _calls = [];
    private readonly LoopbackServer _athena;

    public QuerySettingsTests() => _athena = new(async (call, _) =>
    {
        var target = call.Request.Headers["X-Amz-Target"]!.Split('.')[1];
        using var reader = new StreamReader(call.Request.InputStream);
        _calls.Enqueue((target, JsonParser.Parse(await reader.ReadToEndAsync())));
        await LoopbackServer.WriteAsync(call, target switch
        {
            "StartQueryExecution" => """{"QueryExecutionId":"q"}""",
            "GetQueryExecution" => """{"QueryExecution":{"QueryExecutionId":"q","Status":{"State":"SUCCEEDED"}}}""",
            "GetQueryResults" => """{"ResultSet":{"Rows":[],"ResultSetMetadata":{"ColumnInfo":[]}}}""",
            _ => "{}",
        });
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _athena.DisposeAsync();
        _folder.Dispose();
    }

    [Theory, Scenario("T-04"), Scenario("X-02")]
    [InlineData("connection_params")]
    [InlineData("conn_properties")]
    public async Task Connection_parameters_are_in_the_request(string name)
    {
        var started = await StartAsync($$"""
            query_result_bucket = "s3://results/q"
            workgroup = "etl"
            [destination.athena.{{name}}]
            poll_interval = 0.05
            encryption_option = "SSE_KMS"
            kms_key = "key-1"
            expected_bucket_owner = "123456789012"
            acl_option = "BUCKET_OWNER_FULL_CONTROL"
            result_reuse_enable = true
            result_reuse_minutes = 15
            """);
        Assert.Equal(
            """
            {"OutputLocation":"s3://results/q/","EncryptionConfiguration":{"EncryptionOption":"SSE_KMS","KmsKey":"key-1"},
            "ExpectedBucketOwner":"123456789012","AclConfiguration":{"S3AclOption":"BUCKET_OWNER_FULL_CONTROL"}}
            """.ReplaceLineEndings(""),
            JsonText.Write(started["ResultConfiguration"]!));
        Assert.Equal("""{"ResultReuseByAgeConfiguration":{"Enabled":true,"MaxAgeInMinutes":15}}""",
            JsonText.Write(started["ResultReuseConfiguration"]!));
        Assert.Equal("etl", started["WorkGroup"]!.AsString());
    }

    [Theory, InlineData("1e20"), InlineData("10081")]
    public async Task The_age_of_a_result_is_at_most_what_athena_allows(string minutes)
    {
        var started = await StartAsync($"""
            [destination.athena.connection_params]
            result_reuse_enable = true
            result_reuse_minutes = {minutes}
            """);
        Assert.Equal("""{"ResultReuseByAgeConfiguration":{"Enabled":true,"MaxAgeInMinutes":10080}}""",
            JsonText.Write(started["ResultReuseConfiguration"]!));
    }

    [Fact]
    public void The_role_of_the_driver_is_that_of_queries_and_tables_but_not_of_files()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://b"
            [destination.athena.connection_params]
            role_arn = "arn:aws:iam::1:role/etl"
            external_id = "x"
            """);
        var settings = AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _ => { }, isLocal: false);
        Assert.Equal(("arn:aws:iam::1:role/etl", "x"), (settings.AthenaCredentials.RoleArn, settings.AthenaCredentials.ExternalId));
        Assert.Null(settings.FilesystemCredentials.RoleArn);
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://b"
            [destination.athena]
            connection_params = { role_arn = "arn:aws:iam::1:role/etl" }
            [destination.athena.credentials]
            role_arn = "arn:aws:iam::1:role/other"
            """);
        Assert.Contains("only one role", Assert.Throws<ConfigurationException>(() =>
            AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _ => { }, isLocal: false)).Message, StringComparison.Ordinal);
    }

    [Fact, Scenario("T-03")]
    public async Task Without_parameters_the_workgroup_decides()
    {
        var started = await StartAsync("force_iceberg = true");
        Assert.Null(started["ResultConfiguration"]);
        Assert.Null(started["ResultReuseConfiguration"]);
        Assert.Null(started["WorkGroup"]);
    }

    [Theory]
    [InlineData("encryption_option = \"SSE_KMZ\"", "'SSE_KMS'")]
    [InlineData("encryption_option = \"SSE_KMS\"", "kms_key is not set")]
    [InlineData("kms_key = \"HUSH\"", "encryption_option is not SSE_KMS or CSE_KMS")]
    [InlineData("poll_interval = 0", "poll_interval is not a number above 0")]
    [InlineData("pol_interval = 1", "'poll_interval'")]
    [InlineData("s3_staging_dir = \"HUSH\"", "connection_params.s3_staging_dir")]
    public async Task A_wrong_parameter_is_named_and_no_query_starts(string line, string part)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync("[destination.athena.connection_params]\n" + line));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.Message, StringComparison.Ordinal);
        Assert.Empty(_calls);
    }

    /// <summary>Runs a query under settings of the destination, and returns the request that started it.</summary>
    private async Task<JsonValue> StartAsync(string lines)
    {
        _folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://b"
            [destination.filesystem.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            [destination.athena]
            {lines}
            [destination.athena.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            region_name = "eu-west-1"
            endpoint_url = "{_athena.Url}"
            """);
        await Athena.QueryAsync("ds", "SELECT 1", configuration: Some.Configuration(_folder.Path), cancellationToken: Cancellation);
        return _calls.First(c => c.Target == "StartQueryExecution").Body;
    }
}

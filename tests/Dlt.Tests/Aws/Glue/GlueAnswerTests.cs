using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Glue;

/// <summary>Responses that are not what was asked for: of a busy Glue, and of a proxy in its place.</summary>
public sealed class GlueAnswerTests
{
    private readonly List<string> _said = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_that_a_busy_glue_leaves_are_asked_for_again_after_waits_and_not_for_ever()
    {
        await using var server = Answering("""{"Partitions":[],"UnprocessedKeys":[{"Values":["a"]},{"Values":["b"]}]}""");
        await using var account = Open(server.Url, new(new FastClock(20), Say));
        var error = await Assert.ThrowsAsync<GlueException>(() => account.Glue.FindPartitionsAsync("db", "t", Two, Cancellation));
        Assert.Equal("Glue left 2 partitions of 'db.t' unread 10 times, because it is too busy. Run again.", error.Message);
        Assert.True(error.IsTransient);
        const string said = "Glue left 2 partitions of 'db.t' unread. That was attempt ";
        Assert.Contains(_said, line => line.StartsWith(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Partitions_are_found_however_many_calls_a_busy_glue_takes_for_them()
    {
        ImmutableArray<string>[] values = [.. Enumerable.Range(0, 15).Select(i => ImmutableArray.Create($"v{i:00}"))];
        await using var server = new LoopbackServer((call, n) => LoopbackServer.WriteAsync(call, $$"""
            {"Partitions":[{"Values":["v{{n - 1:00}}"]}],
             "UnprocessedKeys":[{{string.Join(',', values.Skip(n).Select(v => $$"""{"Values":["{{v[0]}}"]}"""))}}]}
            """));
        await using var account = Open(server.Url);
        var found = await account.Glue.FindPartitionsAsync("db", "t", values, Cancellation);
        Assert.Equal(values.Select(v => v[0]), found.Select(p => p.Values[0]));
    }

    [Theory, InlineData(""), InlineData("{}"), InlineData("[]"), InlineData("""{"Table":null,"Database":null}""")]
    [InlineData("""{"Table":{},"Database":{},"TableList":[{}],"Partitions":[{}]}""")]
    public async Task A_response_without_its_content_is_an_error_with_place_and_remedy(string body)
    {
        await using var server = Answering(body);
        await using var account = Open(server.Url);
        var isListed = body.Contains("TableList", StringComparison.Ordinal);
        await RefusedAsync(() => account.Glue.GetTableAsync("db", "t", Cancellation));
        await RefusedAsync(() => account.Glue.GetDatabaseAsync("db", Cancellation));
        if (!isListed) return;
        await RefusedAsync(async () => await account.Glue.GetTablesAsync("db", Cancellation).ToListAsync(Cancellation));
        await RefusedAsync(async () => await account.Glue.GetPartitionsAsync("db", "t", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task Odd_values_of_a_table_take_no_listing_down_and_a_broken_table_is_named()
    {
        await using var server = Answering("""
            {"TableList":[{"Name":"odd","CreateTime":1e300,"UpdateTime":-5,"StorageDescriptor":{"Columns":[{"Name":"c"}]}},{"Name":"t"}]}
            """);
        await using var account = Open(server.Url);
        var tables = await account.Glue.GetTablesAsync("db", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["odd", "t"], tables.Select(t => t.Name));
        Assert.Equal(new GlueColumn("c", ""), tables[0].Columns.Single());
        Assert.Null(tables[0].CreateTime);
        await using var broken = Answering("""{"TableList":[{"DatabaseName":"db","Name":"odd","Retention":"long"},{"Name":"t"}]}""");
        await using var other = Open(broken.Url);
        var error = await Assert.ThrowsAnyAsync<DltException>(
            async () => await other.Glue.GetTablesAsync("db", Cancellation).ToListAsync(Cancellation));
        Assert.Contains("'db.odd'", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("{}"), InlineData("""{"QueryExecution":{}}"""), InlineData("""{"QueryExecution":{"Status":{}}}""")]
    public async Task A_query_without_an_id_or_a_state_is_an_error_with_place_and_remedy(string body)
    {
        await using var server = Answering(body);
        await using var account = Open(server.Url);
        await RefusedAsync(() => account.Athena.StartAsync(new("SELECT 1"), Cancellation));
        await RefusedAsync(() => account.Athena.WaitAsync("id", Cancellation));
    }

    [Fact]
    public async Task A_tag_without_its_values_is_an_error_with_place_and_remedy()
    {
        await using var server = Answering("{}");
        await using var account = Open(server.Url);
        await RefusedAsync(() => account.LakeFormation.FindAsync("domain", Cancellation));
    }

    [Theory]
    [InlineData(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center>nginx</center></body>\r\n</html>",
        "502 Bad Gateway")]
    [InlineData(504, "<html><head><style>p { color: red }</style></head><body><h1>Time\nout</h1><p>of squid</p></body></html>",
        "Time out of squid")]
    [InlineData(403, "Access to this page is blocked", "Access to this page is blocked")]
    public async Task The_page_of_a_gateway_is_shown_in_one_line_with_its_status_and_the_remedy(int status, string page, string shown)
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = status;
            return LoopbackServer.WriteAsync(call, page);
        });
        await using var account = Open(server.Url, new(new FastClock(20), Say));
        var error = await Assert.ThrowsAsync<GlueException>(() => account.Glue.GetTableAsync("db", "t", Cancellation));
        Assert.StartsWith(
            $"Glue refused GetTable of table 'db.t': HTTP {status}: an answer that is not of AWS (\"{shown}\")", error.Message,
            StringComparison.Ordinal);
        Assert.EndsWith(
            ". Check endpoint_url and the proxy between this machine and the service, then run again.", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("permission", error.Message, StringComparison.Ordinal);
        Assert.All(_said.Append(error.Message), line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public async Task Throttling_that_does_not_end_says_that_nothing_was_done_and_what_to_do()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 400;
            return LoopbackServer.WriteAsync(call, """{"__type":"ThrottlingException","Message":"Rate exceeded"}""");
        });
        await using var account = Open(server.Url, new(new NoWaits(), Say));
        var error = await Assert.ThrowsAsync<GlueException>(() => account.Glue.GetTableAsync("db", "t", Cancellation));
        Assert.Equal(
            "Glue refused GetTable of table 'db.t': ThrottlingException: Rate exceeded (tried 10 times). The account's limit of such calls "
            + "is used up, whichever programs make them, and the call did nothing. Run again later, with fewer loads at a time, or ask AWS "
            + "for a higher quota.", error.Message);
    }

    [Theory, InlineData("<title>Log in</title>", " (\"Log in\")"), InlineData("{\"Table\":", " (\"{\"Table\":\")")]
    public async Task A_response_that_is_not_JSON_is_an_error_with_the_address(string body, string shown)
    {
        await using var server = Answering(body);
        await using var account = Open(server.Url);
        var error = await Assert.ThrowsAsync<DltException>(() => account.Glue.GetTableAsync("db", "t", Cancellation));
        Assert.Equal(
            $"Glue at {server.Url} answered GetTable with an answer that is not of AWS{shown}. Check endpoint_url and the proxy between "
            + "this machine and the service, then run again.", error.Message);
        Assert.True(error.IsTransient);
    }

    private static ImmutableArray<string>[] Two => [["a"], ["b"]];

    private static LoopbackServer Answering(string body) => new((call, _) => LoopbackServer.WriteAsync(call, body));

    private static async Task RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<DltException>(call);
        Assert.Matches(
            "^The response of (Glue|Athena|Lake Formation)( at http://[^ ]*)?( to \\w+( of .*)?)? has no complete '\\w+'", error.Message);
        Assert.EndsWith("Check endpoint_url and the proxy between this machine and the service, then run again.", error.Message,
            StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    private static AwsAccount Open(string url, RetryWaits? waits = null) =>
        AwsAccount.Open(new() { Credentials = Moto.Credentials(url), BucketUrl = "s3://lake" }, waits);

    private void Say(string line)
    {
        lock (_said) _said.Add(line);
    }
}

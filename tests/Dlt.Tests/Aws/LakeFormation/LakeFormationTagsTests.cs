using Dlt.Aws;
using Dlt.Internal;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.LakeFormation;

/// <summary>LF-tags of databases: over moto, and refusals over a server on loopback.</summary>
public sealed class LakeFormationTagsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tags_of_a_database_are_given_read_and_taken()
    {
        await using var account = await Moto.AccountAsync("tagged");
        var database = "tags_" + Guid.NewGuid().ToString("N")[..8];
        await account.Glue.CreateDatabaseAsync(new() { Name = database }, Cancellation);
        await CreateTagAsync("domain", "sales");
        await CreateTagAsync("level", "open");
        Assert.Equal("domain=sales", (await account.LakeFormation.FindAsync("domain", Cancellation))!.ToString());
        await account.LakeFormation.AddAsync(database, [new("domain", ["sales"]), new("level", ["open"])], Cancellation);
        var tags = await account.LakeFormation.GetAsync(database, Cancellation);
        Assert.Equal(["domain=sales", "level=open"], tags.Select(t => t.ToString()).Order());
        await account.LakeFormation.RemoveAsync(database, [.. tags.Where(t => t.Key == "domain")], Cancellation);
        Assert.Equal(["level=open"], (await account.LakeFormation.GetAsync(database, Cancellation)).Select(t => t.ToString()));
    }

    [Fact]
    public async Task Requests_have_the_form_of_the_service()
    {
        var seen = new List<string>();
        await using var server = Server(seen, "{}");
        await using var account = Moto.Open(server.Url);
        await account.LakeFormation.AddAsync("Sales", [new("domain", ["sales"])], Cancellation);
        await account.LakeFormation.RemoveAsync("sales", [new("domain", ["sales"], "123456789012")], Cancellation);
        Assert.Equal(
        [
            """/AddLFTagsToResource {"Resource":{"Database":{"Name":"sales"}},"LFTags":[{"TagKey":"domain","TagValues":["sales"]}]}""",
            """/RemoveLFTagsFromResource {"Resource":{"Database":{"Name":"sales"}},"LFTags":"""
                + """[{"CatalogId":"123456789012","TagKey":"domain","TagValues":["sales"]}]}""",
        ], seen);
    }

    [Fact]
    public async Task A_database_of_another_account_is_looked_for_there()
    {
        var seen = new List<string>();
        await using var server = new LoopbackServer(async (call, _) =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            if (call.Request.Headers["X-Amz-Target"] == "AmazonAthena.GetDataCatalog")
            {
                await LoopbackServer.WriteAsync(call, """
                    {"DataCatalog":{"Name":"company","Type":"GLUE","Parameters":{"catalog-id":"222233334444:dev"}}}
                    """);
                return;
            }

            seen.Add(JsonText.Write(JsonParser.Parse(body.ToArray())));
            await LoopbackServer.WriteAsync(call, """{"TagKey":"domain","TagValues":["sales"]}""");
        });
        await using var account = AwsAccount.Open(
            new() { Credentials = Moto.Credentials(server.Url), BucketUrl = "s3://lake", Catalog = "company" });
        await account.LakeFormation.GetAsync("sales", Cancellation);
        await account.LakeFormation.FindAsync("domain", Cancellation);
        await account.LakeFormation.AddAsync("sales", [new("domain", ["sales"])], Cancellation);
        await account.LakeFormation.RemoveAsync("sales", [new("domain", ["sales"], "123456789012")], Cancellation);
        Assert.Equal(
        [
            """{"Resource":{"Database":{"Name":"sales","CatalogId":"222233334444:dev"}}}""",
            """{"TagKey":"domain","CatalogId":"222233334444"}""",
            """{"Resource":{"Database":{"Name":"sales","CatalogId":"222233334444:dev"}},"LFTags":"""
                + """[{"TagKey":"domain","TagValues":["sales"],"CatalogId":"222233334444"}]}""",
            """{"Resource":{"Database":{"Name":"sales","CatalogId":"222233334444:dev"}},"LFTags":"""
                + """[{"CatalogId":"123456789012","TagKey":"domain","TagValues":["sales"]}]}""",
        ], seen);
    }

    [Fact]
    public async Task A_tag_that_the_service_lists_as_failed_is_an_error_that_names_it()
    {
        const string answer = """
            {"Failures":[{"LFTag":{"TagKey":"domain","TagValues":["sale"]},
                          "Error":{"ErrorCode":"EntityNotFoundException","ErrorMessage":"Tag key does not exist"}}]}
            """;
        await using var server = Server([], answer);
        await using var account = Moto.Open(server.Url);
        var error = await Assert.ThrowsAsync<DltException>(() =>
            account.LakeFormation.AddAsync("sales", [new("domain", ["sale"])], Cancellation));
        Assert.Contains("domain=sale: EntityNotFoundException: Tag key does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("'sales'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_and_the_tags_of_a_database_that_do_not_exist_are_none()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            call.Response.AddHeader("x-amzn-ErrorType", "EntityNotFoundException");
            await LoopbackServer.WriteAsync(call, """{"Message":"not found"}""");
        });
        await using var account = Moto.Open(server.Url);
        Assert.Null(await account.LakeFormation.FindAsync("none", Cancellation));
        Assert.Empty(await account.LakeFormation.GetAsync("none", Cancellation));
    }

    [Theory]
    [InlineData("Required Create Table on lfx", "CREATE_TABLE on 'lfx'"), InlineData("Required Alter on t.", "ALTER on 't'")]
    [InlineData("on s3://lake/ds (Data location)", "DATA_LOCATION_ACCESS on s3://lake/ds")]
    [InlineData("", "a permission for glue:GetTable")]
    public async Task A_refusal_of_lake_formation_names_the_grant_and_no_policy(string said, string grant)
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, $$"""
                {"__type":"AccessDeniedException","Message":"Insufficient Lake Formation permission(s): {{said}}"}
                """);
        });
        await using var account = Moto.Open(server.Url);
        var error = await Assert.ThrowsAnyAsync<DltException>(() => account.Glue.GetTableAsync("lfx", "t", Cancellation));
        Assert.Contains($". The login lacks {grant}", error.Message, StringComparison.Ordinal);
        Assert.Contains("aws lakeformation grant-permissions", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--policy", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("..", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_missing_permission()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            call.Response.AddHeader("x-amzn-ErrorType", "AccessDeniedException");
            await LoopbackServer.WriteAsync(call, """{"Message":"Insufficient Lake Formation permission(s)"}""");
        });
        await using var account = Moto.Open(server.Url);
        var error = await Assert.ThrowsAsync<DltException>(() => account.LakeFormation.GetAsync("sales", Cancellation));
        Assert.Contains("lakeformation:GetResourceLFTags", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Creates a tag unless another test has: tests share the account.</summary>
    private static async Task CreateTagAsync(string key, string value)
    {
        using var client = new LakeFormationClient(AwsLogin.Resolve(Moto.Credentials(await Moto.UrlAsync())));
        var request = JsonValue.Object(("TagKey", JsonValue.String(key)), ("TagValues", JsonValue.Array([JsonValue.String(value)])));
        await client.InvokeAsync("CreateLFTag", request, isSentOnce: false, Cancellation);
    }

    private static LoopbackServer Server(List<string> seen, string answer) => new(async (call, _) =>
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        seen.Add($"{call.Request.Url!.AbsolutePath} {JsonText.Write(JsonParser.Parse(body.ToArray()))}");
        Assert.Null(call.Request.Headers["X-Amz-Target"]);
        await LoopbackServer.WriteAsync(call, answer);
    });
}

using Dlt.Json;
using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Glue;

/// <summary>Calls go to the data catalog that queries use, and to the service that serves it.</summary>
public sealed class GlueCatalogIdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tables_are_looked_for_in_the_catalog_behind_the_name_which_is_asked_once()
    {
        var seen = new List<string>();
        await using var server = Server(seen, "GLUE");
        await using var account = Open(server.Url, "company");
        Assert.Null(await account.Glue.GetTableAsync("ds", "t", Cancellation));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Equal(
        [
            """AmazonAthena.GetDataCatalog {"Name":"company"}""",
            """AWSGlue.GetTable {"DatabaseName":"ds","Name":"t","CatalogId":"111122223333"}""",
            """AWSGlue.GetDatabase {"Name":"ds","CatalogId":"111122223333"}""",
        ], seen);
    }

    [Theory, InlineData("awsdatacatalog"), InlineData("AwsDataCatalog")]
    public async Task The_catalog_of_the_account_needs_neither_an_id_nor_a_question(string name)
    {
        var seen = new List<string>();
        await using var server = Server(seen, "GLUE");
        await using var account = Open(server.Url, name);
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Equal(["""AWSGlue.GetDatabase {"Name":"ds"}"""], seen);
    }

    [Theory, InlineData("LAMBDA"), InlineData("HIVE")]
    public async Task A_catalog_that_glue_does_not_serve_is_read_by_athena(string type)
    {
        var seen = new List<string>();
        await using var server = Server(seen, type);
        await using var account = Open(server.Url, "company");
        Assert.Null(await account.Glue.GetTableAsync("ds", "t", Cancellation));
        Assert.Null(await account.Glue.GetDatabaseAsync("ds", Cancellation));
        Assert.Empty(await account.Glue.FindTablesAsync("ds", ["a", "b"], Cancellation).ToListAsync(Cancellation));
        Assert.Equal(
        [
            """AmazonAthena.GetDataCatalog {"Name":"company"}""",
            """AmazonAthena.GetTableMetadata {"CatalogName":"company","DatabaseName":"ds","TableName":"t"}""",
            """AmazonAthena.GetDatabase {"CatalogName":"company","DatabaseName":"ds"}""",
            """AmazonAthena.ListTableMetadata {"CatalogName":"company","DatabaseName":"ds","Expression":"a|b"}""",
        ], seen);
    }

    [Theory, InlineData("LAMBDA"), InlineData("HIVE")]
    public async Task No_call_changes_a_catalog_that_glue_does_not_serve(string type)
    {
        var seen = new List<string>();
        await using var server = Server(seen, type);
        await using var account = Open(server.Url, "company");
        foreach (var change in new Func<Task>[]
        {
            () => account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, Cancellation),
            () => account.Glue.CreateTableAsync("ds", new() { Name = "t" }, Cancellation),
            () => account.Glue.DeleteTableAsync("ds", "t", Cancellation),
            () => account.Glue.DeletePartitionsAsync("ds", "t", [], Cancellation),
        })
        {
            var error = await Assert.ThrowsAsync<ConfigurationException>(change);
            Assert.Contains($"'company' of Athena is of type {type}", error.Message, StringComparison.Ordinal);
            Assert.Contains("Set ddl = \"athena\"", error.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(seen, call => call.StartsWith("AWSGlue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_federated_catalog_is_refused_by_name()
    {
        var seen = new List<string>();
        await using var server = Server(seen, "FEDERATED");
        await using var account = Open(server.Url, "company");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => account.Glue.GetTableAsync("ds", "t", Cancellation));
        Assert.Contains("'company' of Athena is of type FEDERATED", error.Message, StringComparison.Ordinal);
        Assert.Equal(["aws_data_catalog"], error.Fields);
    }

    private static AwsAccount Open(string url, string catalog) =>
        AwsAccount.Open(new() { Credentials = Moto.Credentials(url), BucketUrl = "s3://lake", Catalog = catalog });

    private static LoopbackServer Server(List<string> seen, string type) => new(async (call, _) =>
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        var target = call.Request.Headers["X-Amz-Target"]!;
        seen.Add($"{target} {JsonText.Write(JsonParser.Parse(body.ToArray()))}");
        if (target == "AmazonAthena.GetDataCatalog")
        {
            await LoopbackServer.WriteAsync(
                call,
                """{"DataCatalog":{"Name":"company","Type":"T","Parameters":{"catalog-id":"111122223333"}}}"""
                    .Replace("\"T\"", $"\"{type}\"", StringComparison.Ordinal));
            return;
        }

        call.Response.StatusCode = 400;
        await LoopbackServer.WriteAsync(call, target.StartsWith("AWSGlue", StringComparison.Ordinal)
            ? """{"__type":"EntityNotFoundException","Message":"Not found."}"""
            : """{"__type":"MetadataException","Message":"Entity Not Found (Error Code: EntityNotFoundException)"}""");
    });
}

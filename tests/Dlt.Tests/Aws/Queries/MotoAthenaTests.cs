using System.Text;
using System.Text.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Queries;

/// <summary>The Athena client against moto, which runs no SQL and returns prepared answers.</summary>
public class MotoAthenaTests
{
    [Fact]
    public async Task A_query_gives_columns_and_rows_without_the_header_row()
    {
        var account = await Moto.AccountAsync("athena-bucket");
        await AnswerNextAsync(await Moto.UrlAsync());
        await using var result =
            await account.Athena.ExecuteAsync(new("SELECT id, name FROM t", "ds"), TestContext.Current.CancellationToken);
        Assert.Equal([new AthenaColumn("id", "bigint"), new AthenaColumn("name", "varchar")], result.Columns);
        var table = await QueryTable.ReadAsync(result, TestContext.Current.CancellationToken);
        Assert.Equal([["1", "one"], ["2", null]], table.Rows);
        Assert.NotEmpty(result.QueryExecutionId);
    }

    private static async Task AnswerNextAsync(string url)
    {
        static object Row(params string?[] values) =>
            new { Data = values.Select(v => v is null ? new Dictionary<string, string>() : new() { ["VarCharValue"] = v }).ToArray() };
        static object Column(string name, string type) =>
            new
            {
                CatalogName = "hive",
                SchemaName = "",
                TableName = "",
                Name = name,
                Label = name,
                Type = type,
                Precision = 0,
                Scale = 0,
                Nullable = "UNKNOWN",
                CaseSensitive = false
            };
        using var http = new HttpClient();
        var body = JsonSerializer.Serialize(
            new
            {
                account_id = "123456789012",
                region = Moto.Region,
                results = new[] { new { rows = new[] { Row("id", "name"), Row("1", "one"), Row("2", null) },
                column_info = new[] { Column("id", "bigint"), Column("name", "varchar") } } }
            });
        var answer = await http.PostAsync(url + "/moto-api/static/athena/query-results",
            new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}

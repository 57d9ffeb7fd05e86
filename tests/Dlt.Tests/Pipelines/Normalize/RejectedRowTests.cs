using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

public sealed class RejectedRowTests : IDisposable
{
    private static readonly ResourceHints DiscardsRows = new()
    { SchemaContract = new() { Columns = ContractMode.DiscardRow } };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "-")]
    public async Task Rows_that_a_contract_discards_are_kept_if_rejects_are(bool keeps, string rejected)
    {
        var account = Some.Account(_folder);
        await RunAsync(account, keeps, Some.Resource("t", DiscardsRows, """{"a":1,"l":[{"x":1}]}"""));
        await RunAsync(account, keeps, Some.Resource("t", DiscardsRows, """{"a":2}""", """{"a":3,"b":"new"}""", """{"a":4}"""));
        Assert.Equal("7", await Some.ValueAsync(account, "SELECT sum(a) FROM t"));
        var table = await account.Glue.GetTableAsync("ds", "_dlt_rejected", Cancellation);
        Assert.Equal(rejected, table is null ? "-" : await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_rejected"));
        if (!keeps) return;
        Assert.Equal(
            ["t", "the contract drops rows with 'b'", """{"a":3,"b":"new"}"""],
            (await Some.QueryAsync(account, "SELECT table_name, reason, item FROM _dlt_rejected")).Rows[0]);
    }

    [Fact]
    public async Task Objects_are_rejected_as_the_items_they_would_be()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, true, Resource.Create("t", [new { a = 1 }], DiscardsRows));
        await RunAsync(account, true,
            Resource.Create("t", Enumerable.Range(2, 1000).Select(i => new { a = i, b = i == 500 ? "x" : null }), DiscardsRows));
        Assert.Equal("1000", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
        Assert.Equal("""{"a":500,"b":"x"}""", await Some.ValueAsync(account, "SELECT item FROM _dlt_rejected"));
    }

    [Fact]
    public async Task An_item_that_is_rejected_at_its_last_row_leaves_none_of_its_rows()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, true, Some.Resource("t",
            """{"a":1,"l":[{"x":1},{"aB":1,"a_b":2}]}""",   // both keys are a_b
            """{"a":2,"l":[{"x":2}]}"""));
        Assert.Equal(["1", "2", "1", "2"], (await Some.QueryAsync(
            account, "SELECT (SELECT count(*) FROM t), (SELECT max(a) FROM t), count(*), max(x) FROM t__l")).Rows[0]);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_rejected"));
    }

    [Theory]
    [InlineData("key", """{"id":null,"a":1}""", "Column 't.id' got a null, but it is not nullable")]
    [InlineData("contract", """{"id":3,"a":1,"b":2}""",
        "Column 't.b' is new, and the contract of schema 'pipe' freezes columns")]
    public async Task A_reason_says_nothing_about_the_package_whose_other_rows_are_loaded(string what, string item, string reason)
    {
        var account = Some.Account(_folder);
        var hints = what == "key"
            ? new ResourceHints { PrimaryKey = ["id"] }
            : new ResourceHints { SchemaContract = new() { Columns = ContractMode.Freeze } };
        await RunAsync(account, true, Some.Resource("t", hints, """{"id":1,"a":1}"""));
        var info = await RunAsync(account, true, Some.Resource("t", hints, item, """{"id":2,"a":1}"""));
        Assert.Equal("1,2", await Some.ValueAsync(account, "SELECT string_agg(id, ',' ORDER BY id) FROM t"));
        Assert.Equal(reason, await Some.ValueAsync(account, "SELECT reason FROM _dlt_rejected"));
        Assert.Contains($"- t: 1 × {reason}", info.ToString().Split(Environment.NewLine));
    }

    private static Task<LoadInfo> RunAsync(LocalAthena account, bool keepRejects, Resource resource) =>
        Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder), Warn = _ => { }, KeepRejects = keepRejects })
                .RunAsync(resource, Cancellation);
}

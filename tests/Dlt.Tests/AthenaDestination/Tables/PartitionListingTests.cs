using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Where the partitions of an external table are listed: an existing table keeps its kind.</summary>
public sealed class PartitionListingTests : AccountTests
{
    private static readonly (string, string) Setting = ("DESTINATION__ATHENA__HIVE_PARTITIONS", "glue");

    private static readonly ResourceHints ByCountry = new() { Partitions = [Partition.Identity("country")] };

    [Fact]
    public async Task The_hint_of_a_table_wins_and_an_existing_table_keeps_its_kind()
    {
        var hints = ByCountry with { Additional = [new("x-athena-hive-partitions", JsonValue.String("glue"))] };
        await new Machine(Account).RunAsync(Some.Resource("orders", hints, """{"id":1,"country":"de"}"""));
        await new Machine(Account).RunAsync(Some.Resource("orders", ByCountry, """{"id":2,"country":"fr"}"""));
        await new Machine(Account).RunAsync(Some.Resource("others", ByCountry, """{"id":1,"country":"de"}"""));
        await new Machine(Account).RunAsync(Some.Resource("others", hints, """{"id":2,"country":"fr"}"""));
        Assert.Equal(["de", "fr"], (await PartitionsAsync()).Select(p => p.Values[0]));
        Assert.Empty(await Account.Glue.GetPartitionsAsync("ds", "others", Cancellation).ToListAsync(Cancellation));
        foreach (var table in new[] { "orders", "others" })
            Assert.Equal("1,2", await Machine.ValuesAsync(Account, $"SELECT id FROM {table} ORDER BY id"));
        var wrong = ByCountry with { Additional = [new("x-athena-hive-partitions", JsonValue.String("lists"))] };
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => new Machine(Account).RunAsync(Some.Resource("wrong", wrong, """{"id":1,"country":"de"}""")));
        Assert.Contains("x-athena-hive-partitions = 'lists'", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("false"), InlineData("FALSE"), InlineData("off")]
    public async Task A_table_whose_projection_is_off_keeps_its_partitions_in_the_catalog(string off)
    {
        await RunAsync(ByCountry, """{"id":1,"country":"de"}""", """{"id":2,"country":"fr"}""");
        var table = (await TableAsync()).Definition;
        var parameters = table.Parameters!.Add("projection.enabled", off)
            .Add("projection.country.type", "enum").Add("projection.country.values", "x");
        await Account.Glue.UpdateTableAsync("ds", table with { Parameters = parameters }, cancellationToken: Cancellation);
        await new Machine(Account).RunAsync(Some.Resource("orders", ByCountry, """{"id":3,"country":"at"}"""));
        Assert.Equal(parameters, (await TableAsync()).Definition.Parameters!);
        Assert.Equal(["at", "de", "fr"], (await PartitionsAsync()).Select(p => p.Values[0]));
        Assert.Equal("1,2,3", await Machine.ValuesAsync(Account, "SELECT id FROM orders ORDER BY id"));
    }

    [Fact]
    public async Task A_table_without_rows_is_computed_from_the_first_ones()
    {
        var replace = ByCountry with { WriteDisposition = WriteDisposition.Replace };
        await new Machine(Account).RunAsync(Some.Resource("orders", replace, """{"id":1,"country":"de"}"""));
        await Account.Glue.DeleteTableAsync("ds", "orders", Cancellation);
        await new Machine(Account).RunAsync(Some.Resource("orders", replace));
        Assert.DoesNotContain("projection.enabled", (await TableAsync()).Definition.Parameters!.Keys);
        await new Machine(Account).RunAsync(Some.Resource("orders", ByCountry, """{"id":1,"country":"de"}"""));
        var parameters = (await TableAsync()).Definition.Parameters!;
        Assert.Equal("true", parameters["projection.enabled"]);
        Assert.DoesNotContain("dlt.hive-partitions", parameters.Keys);
        Assert.Empty(await PartitionsAsync());
        Assert.Equal("1", await Machine.ValuesAsync(Account, "SELECT id FROM orders"));
    }

    private async Task RunAsync(ResourceHints hints, params string[] items) =>
        await new Machine(Account).RunAsync(Some.Resource("orders", hints, items), settings: Setting);

    private async Task<GlueTable> TableAsync() => (await Account.Glue.GetTableAsync("ds", "orders", Cancellation))!;

    private async Task<List<GluePartition>> PartitionsAsync() =>
        await Account.Glue.GetPartitionsAsync("ds", "orders", Cancellation).ToListAsync(Cancellation);
}

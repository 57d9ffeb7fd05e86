using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Catalogs;

/// <summary>A catalog of type HIVE that does not work for a while, and values of partitions that its lines must not lose.</summary>
public sealed class BrokenCatalogTests : IAsyncDisposable
{
    private readonly HiveCatalogWorld _world = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("Function not found: arn:aws:lambda:eu-central-1:111122223333:function:ds")]
    [InlineData("The driver of the metastore was not found in the class path")]
    [InlineData("The security group 'sg-1' does not exist")]
    public async Task A_catalog_that_does_not_work_is_not_taken_for_an_empty_one(string failure)
    {
        await _world.Pipeline().RunAsync(Some.Increments("items", 2), Cancellation);
        _world.Athena.Failure = failure;
        var error = await Assert.ThrowsAnyAsync<DltException>(
            () => _world.Pipeline(machine: "two").RunAsync(Some.Increments("items", 3), Cancellation));
        Assert.Contains(failure, error.Message, StringComparison.Ordinal);
        _world.Athena.Failure = null;
        await _world.Pipeline(machine: "two").RunAsync(Some.Increments("items", 3), Cancellation);
        Assert.Equal("0,1,2", await _world.ValuesAsync("SELECT id FROM items ORDER BY id"));
    }

    [Fact]
    public async Task A_partition_whose_value_ends_with_a_blank_gets_new_columns_and_is_dropped()
    {
        var options = _world.Options with { HivePartitions = "glue" };
        var byCountry = new ResourceHints { Partitions = [Partition.Identity("country")] };
        Task RunAsync(ResourceHints hints, string item) =>
            _world.Pipeline(options).RunAsync(Some.Resource("items", hints, item), Cancellation);
        await RunAsync(byCountry, """{"id":1,"country":"de "}""");
        await RunAsync(byCountry, """{"id":2,"country":"fr","size":7}""");
        Assert.Contains("ALTER TABLE `hms`.`ds`.`items` PARTITION (`country`='de ') ADD COLUMNS (`size` bigint)", _world.Athena.Statements);
        await RunAsync(byCountry with { WriteDisposition = WriteDisposition.Replace }, """{"id":3,"country":"fr"}""");
        Assert.Contains("ALTER TABLE `hms`.`ds`.`items` DROP IF EXISTS PARTITION (`country`='de ')", _world.Athena.Statements);
        var partitions = await _world.Account.Glue.GetPartitionsAsync("ds", "items", Cancellation).ToListAsync(Cancellation);
        Assert.Equal("fr", Assert.Single(Assert.Single(partitions).Values));
    }
}

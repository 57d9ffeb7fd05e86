using System.Text;
using Dlt.Destinations.Tables;
using Dlt.Lake;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Statements about partitions stay within the limit of Athena, however long the values are.</summary>
public sealed class StatementPartitionTests : AccountTests
{
    private const int MaxStatementBytes = 262_144;

    [Theory, InlineData(1), InlineData(9_000)]
    public async Task Partitions_are_added_by_statements_that_athena_takes(int length)
    {
        await Account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, Cancellation);
        await Account.Glue.CreateTableAsync("ds", new()
        {
            Name = "items",
            PartitionKeys = [new("kind", "string")],
            StorageDescriptor = new() { Location = "s3://lake/ds/items", Columns = [new("id", "bigint")] },
        }, Cancellation);
        var (account, run) = (Account, new List<string>());
        var athena = Steps.Intercept(account.Athena, (method, given, call) =>
        {
            if (method != nameof(IAthena.StartAsync)) return call();
            run.Add(((AthenaQuery)given[0]!).Sql);
            return account.Athena.StartAsync(new("SELECT 1"), Cancellation);
        });
        var partitions = new StatementPartitions(Account.Glue, new(athena), new("hms"), Account.Objects, "ds");
        var values = Enumerable.Range(0, 60).Select(i => $"{i:00}{new string('ü', length)}").ToList();
        var files = values.ConvertAll(v => new ObjectLocation("lake", $"ds/items/kind={v}/1.parquet"));
        await partitions.AddAsync("items", files, Cancellation);
        Assert.All(run, sql => Assert.InRange(Encoding.UTF8.GetByteCount(sql), 1, MaxStatementBytes));
        Assert.All(values, value => Assert.Single(run, sql => sql.Contains($"(`kind`='{value}')", StringComparison.Ordinal)));
        Assert.InRange(run.Count, 2, values.Count / 2);
    }
}

using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.LocalAccount.Ddl;

/// <summary>The statements that a load sends to make, change and drop tables run on the local account as on AWS.</summary>
public sealed class DdlTests : IDisposable
{
    private const string Database = "CREATE DATABASE `awsdatacatalog`.`ds`";
    private const string External = "CREATE EXTERNAL TABLE `awsdatacatalog`.`ds`.`items` (`id` bigint, `price` decimal(10,2)) "
        + "STORED AS PARQUET LOCATION 's3://lake/ds/items/'";

    private const string OfT = "TABLE `awsdatacatalog`.`ds`.`t`";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_external_table_is_made_widened_and_dropped()
    {
        await RunAsync(Database);
        await RunAsync(External);
        await RunAsync("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS (`tags` array<struct<a:int,b:string>>)");
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        Assert.Equal(
            ["id bigint", "price decimal(10,2)", "tags array<struct<a:int,b:string>>"], table.Columns.Select(c => $"{c.Name} {c.Type}"));
        Assert.Equal("s3://lake/ds/items/", table.Location);
        Assert.Equal("0", await Some.ValueAsync(Account, "SELECT count(tags) FROM items"));
        await RunAsync("DROP TABLE IF EXISTS `awsdatacatalog`.`ds`.`items`");
        await RunAsync("DROP TABLE IF EXISTS `awsdatacatalog`.`ds`.`items`");
        Assert.Null(await Account.Glue.GetTableAsync("ds", "items", Cancellation));
        await RunAsync("DROP DATABASE `awsdatacatalog`.`ds` CASCADE");
        Assert.Null(await Account.Glue.GetDatabaseAsync("ds", Cancellation));
    }

    [Fact, Scenario("T-35")]
    public async Task An_iceberg_table_has_the_columns_partitions_and_properties_of_its_statement()
    {
        await RunAsync(Database);
        await RunAsync("""
            CREATE TABLE IF NOT EXISTS `awsdatacatalog`.`ds`.`events`
            (`id` int, `at` timestamp, `note` string, `m` map<string,double>, `big` bigint, `day` date, `raw` binary, `ok` boolean)
            PARTITIONED BY (`note`, day(`at`), bucket(16, `id`), truncate(2, `note`))LOCATION 's3://lake/ds/events'
            TBLPROPERTIES ('note'='it\'s', 'table_type'='ICEBERG', 'format'='parquet')
            """);
        await RunAsync("ALTER TABLE `awsdatacatalog`.`ds`.`events` ADD COLUMNS (`n` decimal(38,0))");
        var table = await Dlt.Athena.OpenIcebergTableAsync("ds.events", Account, cancellationToken: Cancellation);
        Assert.Equal(
            "int timestamp string map<string, double> long date binary boolean decimal(38, 0)",
            string.Join(' ', table.Metadata.CurrentSchema.Fields.Select(f => f.Type)));
        Assert.Equal(
            ["note identity", "at_day day", "id_bucket bucket[16]", "note_trunc truncate[2]"],
            table.Metadata.DefaultSpec.Fields.Select(f => $"{f.Name} {f.Transform}"));
        Assert.Equal("it's", table.Metadata.Properties["note"]);
        Assert.False(table.Metadata.Properties.ContainsKey("format"));
        Assert.Equal("0", await Some.ValueAsync(Account, "SELECT count(*) FROM events"));
    }

    [Theory, Scenario("T-36"), Scenario("T-37"), Scenario("T-40")]
    [InlineData(Database, "already exists")]
    [InlineData(External, "already exists")]
    [InlineData("ALTER TABLE `awsdatacatalog`.`ds`.`items` ADD COLUMNS (`id` bigint)", "Duplicate column name: id")]
    [InlineData("ALTER TABLE `awsdatacatalog`.`ds`.`nope` ADD COLUMNS (`id` bigint)", "not found")]
    [InlineData("DROP TABLE `awsdatacatalog`.`ds`.`nope`", "EntityNotFoundException")]
    [InlineData("DROP DATABASE `awsdatacatalog`.`nope` CASCADE", "EntityNotFoundException")]
    [InlineData("DROP TABLE `other`.`ds`.`items`", "CATALOG_NOT_FOUND: Catalog 'other' does not exist")]
    [InlineData("CREATE EXTERNAL " + OfT + " (`a` money) STORED AS PARQUET LOCATION 's3://lake/t/'",
        "Column 'a' has no type of Athena")]
    [InlineData("CREATE EXTERNAL " + OfT + " (`a` int) STORED AS ORC LOCATION 's3://lake/t/'",
        "SYNTAX_ERROR: line 1:58: Expected STORED AS PARQUET")]
    [InlineData("CREATE " + OfT + " (`a` int) LOCATION 's3://lake/t/'",
        "Expected TBLPROPERTIES ('table_type'='ICEBERG')")]
    [InlineData("CREATE " + OfT + " (`a` tinyint) LOCATION 's3://lake/t' TBLPROPERTIES ('table_type'='ICEBERG')",
        "Column 'a' has the type tinyint")]
    [InlineData("CREATE " + OfT + " (`a` int) PARTITIONED BY (`b`)LOCATION 's3://lake/t' TBLPROPERTIES ('table_type'='ICEBERG')",
        "Partition column 'b' does not exist")]
    [InlineData("DROP TABLE `awsdatacatalog`.`ds`.`items`; DROP TABLE `awsdatacatalog`.`ds`.`items`", "Expected the end of the statement")]
    public async Task A_statement_that_cannot_run_changes_nothing(string sql, string message)
    {
        await RunAsync(Database);
        await RunAsync(External);
        var before = await Account.Glue.GetTablesAsync("ds", Cancellation).ToListAsync(Cancellation);
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => RunAsync(sql));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        var after = await Account.Glue.GetTablesAsync("ds", Cancellation).ToListAsync(Cancellation);
        Assert.Equal(before.Select(t => (t.Name, t.VersionId)), after.Select(t => (t.Name, t.VersionId)));
    }

    private async Task RunAsync(string sql)
    {
        var result = await Account.Athena.ExecuteAsync(new(sql, "ds"), Cancellation);
        await using (result)
        {
            Assert.Empty(result.Columns);
            Assert.Empty(await result.ReadRowsAsync(Cancellation).ToListAsync(Cancellation));
        }
    }
}

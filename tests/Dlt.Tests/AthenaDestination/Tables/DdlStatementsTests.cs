using Dlt.Destinations.Tables;
using Dlt.Lake;

namespace Dlt.Tests.AthenaDestination.Tables;

/// <summary>Texts of statements that no scenario of Python dlt has; the golden runner compares the others.</summary>
public sealed class DdlStatementsTests
{
    private static readonly DdlStatements Statements = new("My`Catalog");

    [Fact]
    public void A_database_with_a_location_has_the_clause_of_dlt() => Assert.Equal(
        """CREATE DATABASE `my\`catalog`.`ds` LOCATION 's3://it\'s/a\\b'""",
        Statements.CreateDatabase(new() { Name = "DS", LocationUri = """s3://it's/a\b""" }));

    [Fact]
    public void An_external_table_has_its_partitions_and_own_properties()
    {
        var table = new GlueTableInput
        {
            Name = "t",
            Parameters = HiveTable.Usual.Add("team", "it's").Add("projection.enabled", "true"),
            PartitionKeys = [new("day", "date")],
            StorageDescriptor = new() { Columns = [new("a", "bigint", "a comment")], Location = "s3://lake/ds/t/" },
        };
        Assert.Equal(
            """
            CREATE EXTERNAL TABLE `my\`catalog`.`ds`.`t`
            (`a` bigint)
            PARTITIONED BY (`day` date)
            STORED AS PARQUET
            LOCATION 's3://lake/ds/t/'
            TBLPROPERTIES ('projection.enabled'='true', 'team'='it\'s')
            """.ReplaceLineEndings("\n"),
            string.Join('\n', Statements.CreateExternal("ds", table).Split('\n').Select(l => l.Trim())));
    }
}

using System.Reflection;

namespace Dlt.Tests;

public class ArchitectureTests
{
    [Theory]
    [InlineData("Dlt.Core")]
    [InlineData("Dlt.Parquet", "Dlt.Core")]
    [InlineData("Dlt.Iceberg", "Dlt.Core", "Dlt.Parquet")]
    [InlineData("Dlt.Iceberg.Sqlite", "Dlt.Core", "Dlt.Iceberg")]
    [InlineData("Dlt.Parquet.Reading", "Dlt.Core", "Dlt.Iceberg", "Dlt.Parquet")]
    [InlineData("Dlt", "Dlt.Core", "Dlt.Parquet")]
    [InlineData("Dlt.Terminal", "Dlt", "Dlt.Core")]
    [InlineData("Dlt.Sources", "Dlt", "Dlt.Core", "Dlt.Parquet")]
    [InlineData("Dlt.Athena.Sql")]
    [InlineData("Dlt.Aws", "Dlt.Core")]
    [InlineData(
        "Dlt.Athena", "Dlt", "Dlt.Athena.Sql", "Dlt.Aws", "Dlt.Core", "Dlt.Iceberg", "Dlt.Parquet", "Dlt.Parquet.Reading")]
    [InlineData("Dlt.LocalAthena", "Dlt", "Dlt.Athena.Sql", "Dlt.Core", "Dlt.Iceberg", "Dlt.Parquet", "Dlt.Parquet.Reading")]
    public void Arrows_between_projects_go_one_way(string assembly, params string[] allowed)
    {
        var used = Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n == "Dlt" || n.StartsWith("Dlt.", StringComparison.Ordinal));
        Assert.Empty(used.Except(allowed));
    }

    [Theory]
    [InlineData("Dlt.Core")]
    [InlineData("Dlt.Parquet")]
    [InlineData("Dlt")]
    public void The_pipeline_knows_neither_aws_nor_duckdb_nor_a_terminal(string assembly) => Assert.DoesNotContain(
        Assembly.Load(assembly).GetReferencedAssemblies(),
        a => a.Name!.StartsWith("AWSSDK", StringComparison.Ordinal) || a.Name.StartsWith("DuckDB", StringComparison.Ordinal)
            || a.Name.StartsWith("Spectre", StringComparison.Ordinal));
}

using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>LOCATION and columns of tables: Glue definitions here, SQL there.</summary>
internal static partial class TableLocationCases
{
    public static void Check(JsonValue test, JsonValue expected)
    {
        var sql = expected["sql"]?.Items[^1].AsString() ?? "";
        Assert.True(sql.StartsWith("CREATE EXTERNAL TABLE", StringComparison.Ordinal) || sql.StartsWith("ALTER TABLE", StringComparison.Ordinal), "Iceberg tables are not built yet");
        var settings = new AthenaSettings
        {
            BucketUrl = test["bucket_url"]!.AsString(),
            Layout = new(test["layout"] is { Kind: JsonKind.String } layout ? layout.AsString() : FileLayout.Default),
        };
        var name = test["dataset"]!.AsString() + (test["staging_dataset"]!.AsBool() ? "_staging" : "");
        var configuration = DltConfiguration.Load(new RunContext(Path.GetTempPath(), Path.GetTempPath(), _ => null));
        var database = AthenaDataset.DatabaseName(settings, new("p", name, configuration, TimeProvider.System, _ => { }));
        var table = TableSchema.FromJson(test["table"]!);
        var glue = HiveTable.Define(table, AthenaDataset.LocationOf(settings, database, table.Name), DestinationCapabilities.Athena);
        if (expected["location"] is { Kind: JsonKind.String } location) Assert.Equal(location.AsString(), glue.StorageDescriptor!.Location);
        Assert.Equal(Column().Matches(sql).Select(m => (m.Groups[1].Value, m.Groups[2].Value)), glue.StorageDescriptor!.Columns.Select(c => (c.Name, c.Type)));
    }

    [GeneratedRegex(@"`(\w+)` ([a-z]+(?:\([^)]*\))?)")]
    private static partial Regex Column();
}

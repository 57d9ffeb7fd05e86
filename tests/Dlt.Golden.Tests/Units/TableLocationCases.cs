using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Destinations;
using Dlt.Golden.Harness;
using Dlt.Iceberg;
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
        JsonValue? Setting(string name) => test["config"]?["destination.athena." + name];
        var settings = new AthenaSettings
        {
            BucketUrl = test["bucket_url"]!.AsString(),
            TableLocationLayout = Setting("table_location_layout") is { Kind: JsonKind.String } pattern
                ? pattern.AsString() : AthenaSettings.DefaultTableLocationLayout,
            ForceIceberg = Setting("force_iceberg") is { } force && force.AsString() == "true",
            Layout = new(test["layout"] is { Kind: JsonKind.String } layout ? layout.AsString() : FileLayout.Default),
        };
        var name = test["dataset"]!.AsString() + (test["staging_dataset"]!.AsBool() ? "_staging" : "");
        var database = DatabaseName.Of(settings, name);
        var table = TableSchema.FromJson(test["table"]!);
        // Staged files are never Iceberg tables.
        var isIceberg = !test["staging_dataset"]!.AsBool()
            && ((table.Text("table_format") ?? (settings.ForceIceberg ? "iceberg" : null)) == "iceberg"
                || table.Name is SystemTables.Version or SystemTables.Loads);
        if (isIceberg)
        {
            CheckIceberg(expected, sql, settings, database, table);
            return;
        }

        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected,
                () => HiveTable.Define(table, new DatasetLocations(settings, database).Of(table.Name), AthenaCapabilities.Default));
            return;
        }

        var glue = HiveTable.Define(table, new DatasetLocations(settings, database).Of(table.Name), AthenaCapabilities.Default);
        if (expected["location"] is { Kind: JsonKind.String } location) Assert.Equal(location.AsString(), glue.StorageDescriptor!.Location);
        Assert.Equal(Column().Matches(sql).Select(m => (m.Groups[1].Value, m.Groups[2].Value)),
            glue.StorageDescriptor!.Columns.Select(c => (c.Name, c.Type)));
    }

    /// <summary>Names, types, partitions and location of Iceberg tables: a native commit here, SQL there.</summary>
    private static void CheckIceberg(JsonValue expected, string sql, AthenaSettings settings, string database, TableSchema table)
    {
        if (ErrorOutcome.IsError(expected))
        {
            ErrorOutcome.Throws(expected, () => new DatasetLocations(settings, database).OfIceberg(table.Name, NoTag));
            return;
        }

        if (expected["location"] is { Kind: JsonKind.String } location)
            Assert.Equal(location.AsString(), new DatasetLocations(settings, database).OfIceberg(table.Name, NoTag));
        var schema = IcebergColumns.SchemaOf(table);
        Assert.Equal(Column().Matches(sql).Select(m => (m.Groups[1].Value, m.Groups[2].Value)),
            schema.Fields.Select(f => (f.Name, GlueTypes.Of(f.Type))));
        var partitions = Partitions().Match(sql) is { Success: true } match
            ? match.Groups[1].Value.Replace("`", "", StringComparison.Ordinal) : "";
        var fields = PartitionHints.SpecOf(table, schema).Fields.Select(f => f.Transform switch
        {
            IdentityTransform => schema.NameOf(f.SourceId),
            BucketTransform bucket => $"bucket({bucket.Count}, {schema.NameOf(f.SourceId)})",
            TruncateTransform truncate => $"truncate({truncate.Width}, {schema.NameOf(f.SourceId)})",
            var transform => $"{transform}({schema.NameOf(f.SourceId)})",
        });
        Assert.Equal(partitions, string.Join(", ", fields));
    }

    private const string NoTag = "000000000000";

    [GeneratedRegex(@"PARTITIONED BY \((.*?)\)\s*LOCATION")]
    private static partial Regex Partitions();

    [GeneratedRegex(@"`(\w+)` ([a-z]+(?:\([^)]*\))?)")]
    private static partial Regex Column();
}

using System.Collections.Immutable;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>The Glue definition of an external Parquet table over a folder (docs/spec/iceberg.md 7.7).</summary>
internal static class HiveTable
{
    public const string InputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
    private const string OutputFormat = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
    public const string SerDe = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

    /// <summary>Parameters of every new table.</summary>
    public static ImmutableSortedDictionary<string, string> Usual { get; } = ImmutableSortedDictionary<string, string>.Empty
        .Add("EXTERNAL", "TRUE").Add("classification", "parquet").Add("parquet.compression", "ZSTD");

    /// <summary>The definition of a new table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="location">Folder of the table.</param>
    /// <param name="capabilities">Determine the types of columns.</param>
    /// <param name="keys">Partition keys; a column that is one is no column of the files for Athena.</param>
    /// <param name="isInGlue">True when Glue lists the partitions.</param>
    public static GlueTableInput Define(
        TableSchema table, string location, DestinationCapabilities capabilities, ImmutableArray<HivePartitionKey> keys, bool isInGlue) =>
        keys.IsEmpty ? Define(table, location, capabilities) : Partitioned(Define(table, location, capabilities), keys, isInGlue);

    private static GlueTableInput Partitioned(GlueTableInput table, ImmutableArray<HivePartitionKey> keys, bool isInGlue)
    {
        var storage = table.StorageDescriptor!;
        var columns = storage.Columns.Where(c => keys.All(k => k.Name != c.Name));
        var comments = storage.Columns.ToDictionary(c => c.Name, c => c.Comment, StringComparer.Ordinal);
        return table with
        {
            PartitionKeys = [.. keys.Select(k => new GlueColumn(k.Name, k.Type, comments.GetValueOrDefault(k.Name)))],
            StorageDescriptor = storage with { Columns = [.. columns] },
            Parameters = isInGlue ? table.Parameters : table.Parameters!.AddRange(PartitionProjection.None),
        };
    }

    /// <summary>The definition of a new table without partitions.</summary>
    public static GlueTableInput Define(TableSchema table, string location, DestinationCapabilities capabilities) => new()
    {
        Name = table.Name.ToLowerInvariant(),
        Description = table.Text("description") is { } text ? GlueText.Description(text) : null,
        TableType = "EXTERNAL_TABLE",
        Parameters = Usual,
        PartitionKeys = [],
        StorageDescriptor = new()
        {
            Columns = [.. table.CompleteColumns.Select(c => Column(c, capabilities))],
            Location = location,
            InputFormat = InputFormat,
            OutputFormat = OutputFormat,
            Compressed = false,
            NumberOfBuckets = -1,
            SerdeInfo = new()
            {
                SerializationLibrary = SerDe,
                Parameters = ImmutableSortedDictionary<string, string>.Empty.Add("serialization.format", "1"),
            },
            BucketColumns = [],
            Parameters = ImmutableSortedDictionary<string, string>.Empty,
            StoredAsSubDirectories = false,
        },
    };

    public static GlueColumn Column(ColumnSchema column, DestinationCapabilities capabilities) => new(
        column.Name.ToLowerInvariant(),
        AthenaColumnType.HiveNameOf(column, capabilities),
        IcebergColumns.DescriptionOf(column) is { } text ? GlueText.Comment(text) : null);
}

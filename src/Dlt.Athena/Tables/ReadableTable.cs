using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Refuses properties with which Athena could not read an Iceberg table.</summary>
internal static class ReadableTable
{
    /// <summary>Checks the codec of new data files and the format version of a new table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="properties">Properties that the Iceberg table has or will have, except the declared ones.</param>
    /// <exception cref="SchemaException">The codec is LZ4 or Brotli, or the version is 3.</exception>
    public static void Check(TableSchema table, IReadOnlyDictionary<string, string> properties)
    {
        var declared = DeclaredProperties.Of(table).GetValueOrDefault(WriteProperties.Codec);
        var codec = declared ?? properties.GetValueOrDefault(WriteProperties.Codec);
        if (codec?.ToLowerInvariant() is "lz4" or "lz4_raw" or "brotli")
            throw Refused(table, WriteProperties.Codec, codec, "such data files", "zstd, snappy, gzip or uncompressed");
        if (properties.GetValueOrDefault(ReservedProperties.FormatVersion) is { } version and not "2")
            throw Refused(table, ReservedProperties.FormatVersion, version, "tables of that version", "2");
    }

    private static SchemaException Refused(TableSchema table, string property, string value, string what, string remedy) => new(
        $"Table '{table.Name}' has the property {property} = '{value}', and Athena cannot read {what}. Nothing was loaded. Set the "
        + $"property to {remedy}.")
    { Table = table.Name };
}

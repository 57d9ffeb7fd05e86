using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Refuses codecs of data files that Athena and Trino cannot read.</summary>
internal static class ReadableCodec
{
    /// <summary>Checks the codec of a table's new data files.</summary>
    /// <param name="table">The table.</param>
    /// <param name="properties">Properties that the Iceberg table has or will have, except the declared ones.</param>
    /// <exception cref="SchemaException">The codec is LZ4 or Brotli.</exception>
    public static void Check(TableSchema table, IReadOnlyDictionary<string, string> properties)
    {
        var declared = DeclaredProperties.Of(table).GetValueOrDefault(WriteProperties.Codec);
        var codec = declared ?? properties.GetValueOrDefault(WriteProperties.Codec);
        if (codec?.ToLowerInvariant() is not ("lz4" or "lz4_raw" or "brotli")) return;
        throw new SchemaException(
            $"Table '{table.Name}' has the property {WriteProperties.Codec} = '{codec}', and Athena cannot read such data files. Nothing was "
            + "loaded. Set the property to zstd, snappy, gzip or uncompressed.")
        { Table = table.Name };
    }
}

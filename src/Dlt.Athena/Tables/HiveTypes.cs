using Dlt.Columns;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Hive types of external tables, from the same column type that decides the file (spec/athena-destination.md 4.1).</summary>
internal static class HiveTypes
{
    public static string Of(ColumnSchema column, DestinationCapabilities capabilities) => FileColumnTypes.NameOf(column, capabilities);
}

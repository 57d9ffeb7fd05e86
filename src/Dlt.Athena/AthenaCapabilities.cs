using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Capabilities of Athena (docs/spec/athena-destination.md 1.8; dlt documentation, Athena).</summary>
internal static class AthenaCapabilities
{
    /// <summary>Characters of the longest name of a table or column in the Glue Data Catalog.</summary>
    public const int LongestName = 255;

    /// <summary>The shortest limit of names: a shortened name keeps letters beside its tag, and names of system tables fit.</summary>
    public const int ShortestLimit = 20;

    /// <summary>Capabilities where tables that name no format are external tables.</summary>
    public static DestinationCapabilities Default { get; } = new()
    {
        DestinationName = "athena",
        MaxIdentifierLength = LongestName,
        HasCaseSensitiveIdentifiers = false,
        TimestampPrecision = 3,
        SupportsTimeZones = false,
        WeiPrecision = (38, 0),
        SupportsTime = false,
        MaxTextDataTypeLength = 262_144,
        TableFormats = ImmutableDictionary<TableFormat, TableFormatCapabilities>.Empty.Add(TableFormat.Hive, new()).Add(
            TableFormat.Iceberg, new()
            {
                MergeStrategies =
            [
                MergeStrategyKind.DeleteInsert, MergeStrategyKind.Upsert, MergeStrategyKind.Scd2, MergeStrategyKind.InsertOnly,
                MergeStrategyKind.Cdc,
            ],
                TimestampPrecision = 6,   // Iceberg's timestamps are microseconds
                HasIntegerDecimals = true,
            }),
    };

    /// <summary>Capabilities under the setting <c>force_iceberg</c>: tables that name no format are Iceberg tables.</summary>
    public static DestinationCapabilities ForcedIceberg { get; } = Default with { PreferredTableFormat = TableFormat.Iceberg };

    /// <summary>Capabilities under the settings of a destination.</summary>
    /// <param name="settings">The fields of <see cref="AthenaSpecs.OfCapabilities"/>, and maybe more.</param>
    public static DestinationCapabilities Of(ResolvedConfiguration settings) =>
        (settings.Bool("force_iceberg") == true ? ForcedIceberg : Default) with
        {
            NamingConvention = settings.Text("naming_convention"),
            MaxIdentifierLength = (int)settings.Integer("max_identifier_length")!.Value,
        };

    /// <summary>True when the table is an Iceberg table by its schema and the settings.</summary>
    public static bool IsIceberg(this DestinationCapabilities capabilities, Schema schema, TableSchema table) =>
        capabilities.FormatOf(schema, table) == TableFormat.Iceberg;
}

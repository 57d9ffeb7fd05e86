using System.Collections.Immutable;

namespace Dlt.Schemas;

/// <summary>What a destination can do; it steers naming, types and files.</summary>
public sealed record DestinationCapabilities
{
    /// <summary>The destination's name in messages.</summary>
    public string DestinationName { get; init; } = "destination";

    /// <summary>Longest table or column name, in characters.</summary>
    public int? MaxIdentifierLength { get; init; }

    /// <summary>False when names that differ only in case are one name.</summary>
    public bool HasCaseSensitiveIdentifiers { get; init; } = true;

    /// <summary>Naming convention that the destination asks for; null for the schema's own.</summary>
    public string? NamingConvention { get; init; }

    /// <summary>Fraction digits of a timestamp without precision hint: 0 to 9.</summary>
    public int TimestampPrecision { get; init; } = 6;

    /// <summary>Most fraction digits of a timestamp: 0 to 9.</summary>
    public int MaxTimestampPrecision { get; init; } = 6;

    /// <summary>False: every timestamp is written as a naive UTC time.</summary>
    public bool SupportsTimeZones { get; init; } = true;

    /// <summary>Digits and scale of a decimal without hints.</summary>
    public (int Precision, int Scale) DecimalPrecision { get; init; } = (38, 9);

    /// <summary>Digits and scale of a wei.</summary>
    public (int Precision, int Scale) WeiPrecision { get; init; } = (78, 0);

    /// <summary>True when structs, lists and maps can be columns.</summary>
    public bool SupportsNestedTypes { get; init; }

    /// <summary>False: a table with a <c>time</c> column is refused.</summary>
    public bool SupportsTime { get; init; } = true;

    /// <summary>Longest text in bytes; a longer stored schema is compressed.</summary>
    public int MaxTextDataTypeLength { get; init; } = 1 << 30;

    /// <summary>Nesting limit that the destination imposes; null for none.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>Merge strategies by table format; the first is the default.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> MergeStrategies { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>Table format of tables that name none; null for the destination's plain one.</summary>
    public string? PreferredTableFormat { get; init; }

    /// <summary>A destination without limits.</summary>
    public static DestinationCapabilities Generic { get; } = new();

    /// <summary>AWS Athena (dlt documentation, Athena).</summary>
    public static DestinationCapabilities Athena { get; } = new()
    {
        DestinationName = "athena",
        MaxIdentifierLength = 255,
        HasCaseSensitiveIdentifiers = false,
        TimestampPrecision = 3,
        MaxTimestampPrecision = 3,
        SupportsTimeZones = false,
        WeiPrecision = (38, 0),
        SupportsTime = false,
        MaxTextDataTypeLength = 262_144,
        MergeStrategies = ImmutableDictionary<string, ImmutableArray<string>>.Empty
            .Add("iceberg", ["delete-insert", "upsert", "scd2", "insert-only", "cdc"]),
    };

    /// <summary>
    /// True when rows of the table go to an Iceberg table. Of the bookkeeping tables only that of the state is loaded from files; it has
    /// the format of tables that name none.
    /// </summary>
    internal bool IsIceberg(Schema schema, TableSchema table) =>
        ((SystemTables.IsSystemTable(table.Name) ? null : schema.Inherited(table, "table_format")) ?? PreferredTableFormat) == "iceberg";

    /// <summary>The merge strategy of a table: its own, else the first that its format supports; null when the format has none.</summary>
    /// <exception cref="SchemaException">The table asks for a strategy that its format lacks.</exception>
    public string? ResolveMergeStrategy(Schema schema, TableSchema table)
    {
        if (schema.Inherited(table, "write_disposition") != "merge") return null;
        var format = schema.Inherited(table, "table_format") ?? PreferredTableFormat ?? "native";
        if (!MergeStrategies.TryGetValue(format, out var strategies) && !MergeStrategies.TryGetValue("*", out strategies)) return null;
        var own = schema.Inherited(table, "x-merge-strategy");
        if (own is null) return strategies[0];
        return strategies.Contains(own) ? own : throw new SchemaException(
            $"Merge strategy '{own}' of table '{table.Name}' is not supported by {DestinationName} for table format '{format}'. "
            + $"Available: {string.Join(", ", strategies)}.") { Table = table.Name };
    }
}

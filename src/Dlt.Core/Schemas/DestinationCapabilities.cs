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

    /// <summary>False: every timestamp is written as a naive UTC time.</summary>
    public bool SupportsTimeZones { get; init; } = true;

    /// <summary>Digits and scale of a decimal without hints.</summary>
    public (int Precision, int Scale) DecimalPrecision { get; init; } = (38, 9);

    /// <summary>Digits and scale of a wei.</summary>
    public (int Precision, int Scale) WeiPrecision { get; init; } = (78, 0);

    /// <summary>False: a table with a <c>time</c> column is refused.</summary>
    public bool SupportsTime { get; init; } = true;

    /// <summary>Longest text in bytes; a longer stored schema is compressed.</summary>
    public int MaxTextDataTypeLength { get; init; } = 1 << 30;

    /// <summary>Nesting limit that the destination imposes; null for none.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>The formats of tables that the destination has, besides <see cref="TableFormat.Native"/> without abilities.</summary>
    public ImmutableDictionary<TableFormat, TableFormatCapabilities> TableFormats { get; init; } =
        ImmutableDictionary<TableFormat, TableFormatCapabilities>.Empty;

    /// <summary>Format of tables that name none.</summary>
    public TableFormat PreferredTableFormat { get; init; } = TableFormat.Native;

    /// <summary>A destination without limits.</summary>
    public static DestinationCapabilities Generic { get; } = new();

    /// <summary>
    /// The format that a table gets: its own or inherited one, else the preferred one. A system table always gets the preferred one.
    /// </summary>
    /// <exception cref="SchemaException">The stored word is unknown.</exception>
    public TableFormat FormatOf(Schema schema, TableSchema table)
    {
        var own = SystemTables.IsSystemName(table.Name) ? TableFormat.Default : schema.TableFormatOf(table);
        return own == TableFormat.Default ? PreferredTableFormat : own;
    }

    /// <summary>What the destination can do with tables of a format.</summary>
    public TableFormatCapabilities Of(TableFormat format) =>
        TableFormats.TryGetValue(format, out var known) ? known : TableFormatCapabilities.Plain;

    /// <summary>
    /// The merge strategy of a table with its options: the stated one, else the first that the format of the table supports. Null when
    /// the table does not merge, or its format supports none.
    /// </summary>
    /// <exception cref="SchemaException">The table asks for a strategy that its format lacks.</exception>
    public MergeStrategy? ResolveMergeStrategy(Schema schema, TableSchema table)
    {
        if (schema.WriteDispositionOf(table) != WriteDisposition.Merge) return null;
        var format = schema.TableFormatOf(table) is var own && own == TableFormat.Default ? PreferredTableFormat : own;
        if (Of(format).MergeStrategies is not [var first, ..] supported) return null;
        var root = schema.RootOf(table);
        if (schema.Inherited(table, HintNames.MergeStrategy) is not { } name) return MergeStrategyHints.Read(root, first);
        return HintText.TryParse(name, out var kind) && supported.Contains(kind)
            ? MergeStrategyHints.Read(root, kind)
            : throw new SchemaException(
                $"Merge strategy '{name}' of table '{table.Name}' is not supported by {DestinationName} for table format "
                + $"'{format.Name()}'. Available: {string.Join(", ", supported.Select(s => s.Name()))}.") { Table = table.Name };
    }
}

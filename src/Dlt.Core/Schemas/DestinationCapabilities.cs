using System.Collections.Immutable;

namespace Dlt.Schemas;

/// <summary>Describes the features and limits of a destination. Naming, types and file formats depend on them.</summary>
public sealed record DestinationCapabilities
{
    /// <summary>Name of the destination in messages.</summary>
    public string DestinationName { get; init; } = "destination";

    /// <summary>Maximum length of table and column names in characters; null for no limit.</summary>
    public int? MaxIdentifierLength { get; init; }

    /// <summary>False when names that differ only in case are the same name.</summary>
    public bool HasCaseSensitiveIdentifiers { get; init; } = true;

    /// <summary>Naming convention that the destination requires; null for the schema's own.</summary>
    public string? NamingConvention { get; init; }

    /// <summary>Fraction digits of a timestamp without a precision hint, 0 to 9.</summary>
    public int TimestampPrecision { get; init; } = 6;

    /// <summary>False when every timestamp is written in UTC without a time zone.</summary>
    public bool SupportsTimeZones { get; init; } = true;

    /// <summary>Digits and scale of a decimal without hints.</summary>
    public (int Precision, int Scale) DecimalPrecision { get; init; } = (38, 9);

    /// <summary>Digits and scale of a wei.</summary>
    public (int Precision, int Scale) WeiPrecision { get; init; } = (78, 0);

    /// <summary>False when the destination refuses tables with a <c>time</c> column.</summary>
    public bool SupportsTime { get; init; } = true;

    /// <summary>Maximum length of a text in bytes; a longer stored schema is compressed.</summary>
    public int MaxTextDataTypeLength { get; init; } = 1 << 30;

    /// <summary>Maximum nesting level of tables; null for no limit.</summary>
    public int? MaxTableNesting { get; init; }

    /// <summary>Table formats of the destination. <see cref="TableFormat.Native"/> is available without being listed.</summary>
    public ImmutableDictionary<TableFormat, TableFormatCapabilities> TableFormats { get; init; } =
        ImmutableDictionary<TableFormat, TableFormatCapabilities>.Empty;

    /// <summary>Format of tables that do not specify one.</summary>
    public TableFormat PreferredTableFormat { get; init; } = TableFormat.Native;

    /// <summary>A destination without limits.</summary>
    public static DestinationCapabilities Generic { get; } = new();

    /// <summary>
    /// Returns the format of a table: its own or inherited format, otherwise the preferred one. A system table always has the preferred
    /// format.
    /// </summary>
    /// <exception cref="SchemaException">The stored format is unknown.</exception>
    public TableFormat FormatOf(Schema schema, TableSchema table)
    {
        var own = SystemTables.IsSystemName(table.Name) ? TableFormat.Default : schema.TableFormatOf(table);
        return own == TableFormat.Default ? PreferredTableFormat : own;
    }

    /// <summary>Returns the capabilities of a table format.</summary>
    public TableFormatCapabilities Of(TableFormat format) =>
        TableFormats.TryGetValue(format, out var known) ? known : TableFormatCapabilities.Plain;

    /// <summary>
    /// Returns the merge strategy of a table with its options: the specified one, or the first that the table's format supports. Returns
    /// null when the table does not merge or its format supports no strategy.
    /// </summary>
    /// <exception cref="SchemaException">The table specifies a strategy that its format does not support.</exception>
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
                + $"'{format.Name()}'. Available: {string.Join(", ", supported.Select(s => s.Name()))}.")
            {
                Table = table.Name,
            };
    }
}

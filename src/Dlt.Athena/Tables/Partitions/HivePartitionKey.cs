using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>A partition key of an external table: a column of the data, or the year, month, day or hour of one.</summary>
/// <param name="Name">Name of the key, in lower case: that of the column, or with the transform, such as <c>at_day</c>.</param>
/// <param name="Type">Hive's type of the key.</param>
/// <param name="Source">The column.</param>
/// <param name="Transform">Identity, year, month, day or hour.</param>
internal sealed record HivePartitionKey(string Name, string Type, ColumnSchema Source, Transform Transform)
{
    private const string Text = "string";
    private const string Date = "date";

    /// <summary>How dates and times are written in the folders of the key; null for texts and integers.</summary>
    public string? DateFormat { get; } = Transform switch
    {
        _ when Transform == Transform.Month => "yyyy-MM",
        _ when Transform == Transform.Hour => "yyyy-MM-dd-HH",
        _ when Type == Date => "yyyy-MM-dd",
        _ => null,
    };

    /// <summary>Names of the keys that the hint of a table gives, also when its columns are not known yet.</summary>
    /// <exception cref="SchemaException">An external table cannot have a transform of the hint.</exception>
    public static ImmutableArray<string> NamesOf(TableSchema table) => [.. Hints(table).Select(h => h.NameOf(h.Column.ToLowerInvariant()))];

    /// <summary>The keys of an external table, whose hint has the names of columns (<see cref="PartitionHints.Named"/>).</summary>
    /// <exception cref="SchemaException">A column does not exist, or has a type by which no external table is divided.</exception>
    public static ImmutableArray<HivePartitionKey> Of(TableSchema table, DestinationCapabilities capabilities) =>
        Of(table, capabilities, _ => true);

    /// <summary>The keys by columns that are declared, before the rows of the table are known.</summary>
    /// <inheritdoc cref="Of(TableSchema, DestinationCapabilities)"/>
    public static ImmutableArray<HivePartitionKey> Declared(TableSchema table, DestinationCapabilities capabilities) =>
        Of(table, capabilities, hint => SourceOf(table, hint) is not null);

    private static ImmutableArray<HivePartitionKey> Of(
        TableSchema table, DestinationCapabilities capabilities, Func<PartitionHint, bool> isWanted)
    {
        var keys = Hints(table).Where(isWanted).Select(h => Of(table, h, capabilities)).ToImmutableArray();
        foreach (var key in keys.Where(k => k.Transform != Transform.Identity))
        {
            if (!table.CompleteColumns.Any(c => c.Name.Equals(key.Name, StringComparison.OrdinalIgnoreCase))) continue;
            throw new SchemaException(
                $"Column '{table.Name}.{key.Name}' has the name of a partition of the table. Nothing was loaded. Rename the column in the "
                + "data, or change the partitions of the resource.")
            { Table = table.Name, Column = key.Name };
        }

        return keys;
    }

    /// <summary>The column of a hint; null while it is not known.</summary>
    public static ColumnSchema? SourceOf(TableSchema table, PartitionHint hint) =>
        table.CompleteColumns.FirstOrDefault(c => c.Name.Equals(hint.Column, StringComparison.OrdinalIgnoreCase));

    private static HivePartitionKey Of(TableSchema table, PartitionHint hint, DestinationCapabilities capabilities)
    {
        var source = SourceOf(table, hint)
            ?? throw hint.Wrong(table, "the column does not exist");
        var type = (hint.Transform == Transform.Identity, source.DataType) switch
        {
            (true, DataType.Text) => Text,
            (true, DataType.Bigint or DataType.Date) => AthenaColumnType.HiveNameOf(source, capabilities),
            (false, DataType.Timestamp or DataType.Date) when hint.Transform == Transform.Year => "int",
            (false, DataType.Timestamp or DataType.Date) when hint.Transform == Transform.Day => Date,
            (false, DataType.Timestamp or DataType.Date) when hint.Transform == Transform.Month => Text,
            (false, DataType.Timestamp) => Text,
            _ => throw hint.Wrong(table, $"the column is {source.DataType.Name()}, which does not divide an external table like that"),
        };
        return new(hint.NameOf(source.Name.ToLowerInvariant()), type, source, hint.Transform);
    }

    private static IReadOnlyList<PartitionHint> Hints(TableSchema table)
    {
        var hints = PartitionHints.Read(table);
        if (hints.FirstOrDefault(h => h.Transform is BucketTransform or TruncateTransform) is { } other)
            throw other.Wrong(table, "an external table has only values, years, months, days and hours; an Iceberg table can have it");
        return hints;
    }
}

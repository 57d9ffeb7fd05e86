using Dlt.Types;

namespace Dlt.Schemas;

/// <summary>Converts merge strategies to hints of the table and its columns, and back (docs/spec/pipeline.md 9.1, 9.6).</summary>
internal static class MergeStrategyHints
{
    /// <summary>Reads the options of a strategy from the hints of a table.</summary>
    /// <param name="table">The root table.</param>
    /// <param name="kind">The table's strategy, which may be the destination's default.</param>
    /// <exception cref="SchemaException">A stored time cannot be parsed.</exception>
    public static MergeStrategy Read(TableSchema table, MergeStrategyKind kind) => kind switch
    {
        MergeStrategyKind.DeleteInsert => new MergeStrategy.DeleteInsert
        {
            IsDeduplicated = Flag(table, HintNames.Deduplicated),
            SourceFilter = table.Text(HintNames.SourceFilter),
            DestinationScope = table.Text(HintNames.DestinationScope),
        },
        MergeStrategyKind.Upsert => new MergeStrategy.Upsert
        {
            SourceFilter = table.Text(HintNames.SourceFilter),
            SkipUnchangedRows = Flag(table, HintNames.SkipUnchangedRows),
            RowVersionColumn = ColumnWith(table, HintNames.RowVersion),
        },
        MergeStrategyKind.Cdc => new MergeStrategy.Cdc
        {
            SourceFilter = table.Text(HintNames.SourceFilter),
            DestinationScope = table.Text(HintNames.DestinationScope),
            SkipUnchangedRows = Flag(table, HintNames.SkipUnchangedRows),
            RowVersionColumn = ColumnWith(table, HintNames.RowVersion),
        },
        MergeStrategyKind.Scd2 => ReadScd2(table),
        _ => new MergeStrategy.InsertOnly(),
    };

    /// <summary>Adds the hints and columns of a strategy to a declared table.</summary>
    public static TableSchema Declare(TableSchema table, MergeStrategy strategy)
    {
        table = table.With(HintNames.MergeStrategy, JsonValue.String(strategy.Kind.Name()));
        return strategy switch
        {
            MergeStrategy.DeleteInsert own => DeclareDeleteInsert(table, own),
            MergeStrategy.Upsert own => Skip(Filter(table, own.SourceFilter, null), own.SkipUnchangedRows, own.RowVersionColumn),
            MergeStrategy.Cdc own => DeclareCdc(table, own),
            MergeStrategy.Scd2 own => DeclareScd2(Filter(table, own.SourceFilter, own.DestinationScope), own),
            _ => table,
        };
    }

    private static TableSchema DeclareDeleteInsert(TableSchema table, MergeStrategy.DeleteInsert strategy)
    {
        table = Flag(table, HintNames.Deduplicated, strategy.IsDeduplicated);
        return Filter(table, strategy.SourceFilter, strategy.DestinationScope);
    }

    private static TableSchema DeclareCdc(TableSchema table, MergeStrategy.Cdc strategy)
    {
        table = Filter(table, strategy.SourceFilter, strategy.DestinationScope);
        return Skip(table, strategy.SkipUnchangedRows, strategy.RowVersionColumn);
    }

    private static MergeStrategy.Scd2 ReadScd2(TableSchema table)
    {
        var defaults = new MergeStrategy.Scd2();
        var validTo = table.Columns.FirstOrDefault(c => c.Has(HintNames.ValidTo));
        return new()
        {
            ValidFromColumn = ColumnWith(table, HintNames.ValidFrom) ?? defaults.ValidFromColumn,
            ValidToColumn = validTo?.Name ?? defaults.ValidToColumn,
            ActiveRecordTimestamp = Time(table, validTo?.Properties[HintNames.ActiveRecordTimestamp], HintNames.ActiveRecordTimestamp),
            BoundaryTimestamp = Time(table, table[HintNames.BoundaryTimestamp], HintNames.BoundaryTimestamp),
            RowVersionColumn = ColumnWith(table, HintNames.RowVersion) ?? defaults.RowVersionColumn,
            SourceFilter = table.Text(HintNames.SourceFilter),
            DestinationScope = table.Text(HintNames.DestinationScope),
        };
    }

    private static TableSchema DeclareScd2(TableSchema table, MergeStrategy.Scd2 strategy)
    {
        if (strategy.BoundaryTimestamp is { } boundary) table = table.With(HintNames.BoundaryTimestamp, Text(boundary));
        var validFrom = new ColumnSchema(strategy.ValidFromColumn, DataType.Timestamp).With(HintNames.ValidFrom, JsonValue.Bool(true));
        var validTo = new ColumnSchema(strategy.ValidToColumn, DataType.Timestamp)
            .With(HintNames.ValidTo, JsonValue.Bool(true))
            .With(HintNames.ActiveRecordTimestamp, strategy.ActiveRecordTimestamp is { } active ? Text(active) : JsonValue.Null);

        // A version that occurs again has the same hash, so the column is neither unique nor a key.
        var version = RowVersion(strategy.RowVersionColumn)
            .With("unique", JsonValue.Bool(false))
            .With("row_key", JsonValue.Bool(false));
        return Lay(Lay(Lay(table, validFrom), validTo), version);
    }

    private static TableSchema Filter(TableSchema table, string? source, string? scope)
    {
        if (!string.IsNullOrEmpty(source)) table = table.With(HintNames.SourceFilter, JsonValue.String(source));
        return string.IsNullOrEmpty(scope) ? table : table.With(HintNames.DestinationScope, JsonValue.String(scope));
    }

    private static TableSchema Skip(TableSchema table, bool skipUnchangedRows, string? version)
    {
        if (!skipUnchangedRows) return table;
        table = Flag(table, HintNames.SkipUnchangedRows, true);
        return version is null ? table : Lay(table, RowVersion(version));
    }

    private static ColumnSchema RowVersion(string column) =>
        new ColumnSchema(column).With("nullable", JsonValue.Bool(false)).With(HintNames.RowVersion, JsonValue.Bool(true));

    private static TableSchema Lay(TableSchema table, ColumnSchema column) =>
        table.WithColumn(table.TryGetColumn(column.Name, out var known) ? known.MergedWith(column) : column);

    private static bool Flag(TableSchema table, string hint) => table[hint] is { Kind: JsonKind.True };

    private static TableSchema Flag(TableSchema table, string hint, bool value) =>
        value ? table.With(hint, JsonValue.Bool(true)) : table;

    private static string? ColumnWith(TableSchema table, string hint) => table.Columns.FirstOrDefault(c => c.Has(hint))?.Name;

    private static JsonValue Text(DateTimeOffset time) => JsonValue.String(Timestamp.From(time).ToString());

    private static DateTimeOffset? Time(TableSchema table, JsonValue? stored, string hint)
    {
        if (stored is null or { IsNull: true }) return null;
        if (stored.Kind == JsonKind.String && IsoDateTime.TryParse(stored.AsString(), out var time, out _, out _))
            return DateTimeOffset.UnixEpoch.AddTicks(time.UtcMicros * TimeSpan.TicksPerMicrosecond);
        throw new SchemaException(
            $"Table '{table.Name}' has the {hint} {stored}, which is not a time. Nothing was loaded. "
            + "Use the form 2024-01-31T00:00:00+00:00.")
        {
            Table = table.Name,
        };
    }
}

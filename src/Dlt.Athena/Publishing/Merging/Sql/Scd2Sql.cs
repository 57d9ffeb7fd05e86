using System.Globalization;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Statements of <see cref="MergeStrategy.Scd2"/>: end the validity of versions that are not staged, insert the new versions, and the
/// nested rows that do not exist (docs/spec/pipeline.md 9.6).
/// </summary>
internal sealed class Scd2Sql
{
    private readonly MergeInput _input;
    private readonly MergeStrategy.Scd2 _strategy;
    private readonly MergeCondition? _filter;
    private readonly string _version;
    private readonly string _boundary;
    private readonly string _active;

    private Scd2Sql(MergeInput input, MergeStrategy.Scd2 strategy)
    {
        _input = input;
        _strategy = strategy;
        _filter = MergeCondition.Source(input, strategy.SourceFilter);
        _version = SqlNames.Column(strategy.RowVersionColumn);
        _boundary = Literal(strategy.BoundaryTimestamp ?? Packages.LoadId.ToTime(input.LoadId));
        _active = strategy.ActiveRecordTimestamp is { } time ? Literal(time) : "NULL";
    }

    private string ValidTo => SqlNames.Column(_strategy.ValidToColumn);

    private string IsActive => _strategy.ActiveRecordTimestamp is null ? $"{ValidTo} IS NULL" : $"{ValidTo} = {_active}";

    /// <summary>The statements in their order.</summary>
    /// <exception cref="SchemaException">A table lacks a key, or a condition has an unknown placeholder.</exception>
    public static IEnumerable<MergeStatement> Of(MergeInput input, MergeStrategy.Scd2 strategy)
    {
        var script = new Scd2Sql(input, strategy);
        return [script.Retire(), script.Insert(), .. input.Nested.Select(script.InsertNested)];
    }

    /// <summary>
    /// A time in UTC. dlt writes the time of active versions with a zone, which the columns do not have.
    /// </summary>
    private static string Literal(DateTimeOffset time) =>
        $"TIMESTAMP '{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}'";

    private MergeStatement Retire()
    {
        var staged = $"SELECT {_version} FROM {_input.Staged}{(_filter is null ? "" : $" WHERE {_filter}")}";
        return new($"UPDATE {_input.Table} SET {ValidTo} = {_boundary} WHERE {_version} NOT IN ({staged}) AND {IsActive}"
            + Retirement.Limit(_input, _strategy.DestinationScope, _filter));
    }

    private MergeStatement Insert()
    {
        var line = SqlLayout.Break(12);
        var (from, to) = (_strategy.ValidFromColumn, _strategy.ValidToColumn);
        var own = SqlNames.Columns(MergeInput.ColumnsOf(_input.Root).Where(c => c != from && c != to));
        return new($"INSERT INTO {_input.Table} ({own}, {SqlNames.Column(from)}, {ValidTo}){line}"
            + $"SELECT {own}, {_boundary} AS {SqlNames.Column(from)}, {_active} AS {ValidTo}{line}"
            + $"FROM {_input.Staged} AS s{line}"
            + $"WHERE {_version} NOT IN (SELECT {_version} FROM {_input.Table} WHERE {IsActive})"
            + (_filter is null ? "" : $" AND {_filter}"));
    }

    private MergeStatement InsertNested(TableSchema nested)
    {
        var line = SqlLayout.Break(20);
        var (table, columns) = (_input.Names.Table(nested.Name), SqlNames.Columns(MergeInput.ColumnsOf(nested)));
        var key = SqlKeys.RowKey(nested);
        return new($"INSERT INTO {table} ({columns}){line}SELECT {columns}{line}FROM {_input.Names.Staged(nested.Name)}{line}"
            + $"WHERE {key} NOT IN (SELECT {key} FROM {table})"
            + (_filter is null ? "" : $" AND {TakesPart(nested)}"));
    }

    /// <summary>Condition that the root row of a nested row passes the filter, found through the parents where needed.</summary>
    private string TakesPart(TableSchema nested)
    {
        if (nested.Columns.Any(c => c.Has("root_key"))) return $"{SqlKeys.RootKey(_input.Schema, nested)} IN ({Roots()})";
        var parent = _input.Schema.Table(nested.Parent!);
        var key = SqlKeys.ParentKey(nested) ?? SqlKeys.RootKey(_input.Schema, nested);
        return parent.Parent is null
            ? $"{key} IN ({Roots()})"
            : $"{key} IN (SELECT {SqlKeys.RowKey(parent)} FROM {_input.Names.Staged(parent.Name)} WHERE {TakesPart(parent)})";
    }

    /// <summary>
    /// Query for the root rows that take part, by the column that nested rows refer to. The default column of the row version is that
    /// column, and then it does not count as row key.
    /// </summary>
    private string Roots()
    {
        var key = _input.Root.Columns.Any(c => c.Has("row_key")) ? _input.RowKey : _version;
        return $"SELECT {key} FROM {_input.Staged} WHERE {_filter}";
    }
}

using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Statements of <see cref="MergeStrategy.DeleteInsert"/>: delete the rows that match a staged row by primary or merge key, or all rows of
/// the scope, then insert the staged rows (docs/spec/pipeline.md 9.4).
/// </summary>
internal sealed class DeleteInsertSql
{
    private readonly MergeInput _input;
    private readonly bool _isDeduplicated;
    private readonly MergeCondition? _filter;
    private readonly MergeCondition? _scope;
    private readonly IReadOnlyList<string> _primaryKey;
    private readonly HardDeleteSql? _mark;

    private DeleteInsertSql(MergeInput input, MergeStrategy.DeleteInsert strategy)
    {
        _input = input;
        _filter = MergeCondition.Source(input, strategy.SourceFilter);
        _scope = MergeCondition.Scope(input, strategy.DestinationScope);
        _primaryKey = [.. input.Root.PrimaryKey.Select(SqlNames.Column)];
        _isDeduplicated = strategy.IsDeduplicated || _primaryKey.Count == 0;
        _mark = HardDeleteSql.Of(input.Root);
    }

    private IReadOnlyList<string> MergeKey => [.. _input.Root.MergeKey.Select(SqlNames.Column)];

    /// <summary>True when the row keys of the rows to insert are in a helper table, for the nested tables.</summary>
    private bool HasInsertHelper => !_input.Nested.IsEmpty && (_primaryKey.Count > 0 || _mark is not null);

    /// <summary>True when each staged root row is inserted, and with it its nested rows.</summary>
    private bool InsertsAll => _isDeduplicated && _mark is null && _filter is null && !IsGuarded;

    /// <summary>
    /// True when an earlier attempt may have inserted rows that the script does not delete again, because they have no keys or a null in
    /// them. Then rows that are in the table already are not inserted; dlt inserts them twice.
    /// </summary>
    private bool IsGuarded => _input.IsRepeated && _scope is null && SqlKeys.HasRowKey(_input.Root)
        && !HasValues(HintNames.PrimaryKey) && !HasValues(HintNames.MergeKey);

    /// <summary>The statements in their order.</summary>
    /// <exception cref="SchemaException">A table has no row key, or a condition has an unknown placeholder.</exception>
    public static IEnumerable<MergeStatement> Of(MergeInput input, MergeStrategy.DeleteInsert strategy)
    {
        var script = new DeleteInsertSql(input, strategy);
        return [.. script.Deletes(), .. script.Inserts()];
    }

    /// <summary>True when there are columns with a hint, and none of them has nulls.</summary>
    private bool HasValues(string hint)
    {
        var columns = _input.Root.Columns.Where(c => c.Has(hint)).ToList();
        return columns.Count > 0 && columns.TrueForAll(c => !c.IsNullable);
    }

    private IEnumerable<MergeStatement> Deletes()
    {
        if (_scope is not null) return DeletesOfScope(_scope.Text);
        return _primaryKey.Count + MergeKey.Count > 0 ? DeletesOfKeys() : [];
    }

    private IEnumerable<MergeStatement> DeletesOfScope(string scope)
    {
        foreach (var nested in _input.Nested)
        {
            var key = SqlKeys.RootKey(_input.Schema, nested);
            yield return new(
                $"DELETE FROM {_input.Names.Table(nested.Name)} WHERE {key} IN (SELECT {_input.RowKey} FROM {_input.Table} WHERE {scope})");
        }

        yield return new($"DELETE FROM {_input.Table} WHERE {scope}");
    }

    private IEnumerable<MergeStatement> DeletesOfKeys()
    {
        var keys = string.Join(
            " OR ", new[] { _primaryKey, MergeKey }.Where(k => k.Count > 0).Select(k => SqlKeys.Match(k, "d", "s")));
        var matches = _filter is null ? keys : $"({keys}) AND {_filter}";
        var helper = new HelperTable(_input, HelperTable.Delete);
        var made = helper.Made(
            $" SELECT d.{_input.RowKey} FROM {_input.Table} as d WHERE EXISTS (SELECT 1 FROM {_input.Staged} as s WHERE {matches})");
        foreach (var statement in made) yield return statement;
        foreach (var nested in _input.Nested)
            yield return DeleteBy(helper, _input.Names.Table(nested.Name), SqlKeys.RootKey(_input.Schema, nested));
        yield return DeleteBy(helper, _input.Table, _input.RowKey);
    }

    private static MergeStatement DeleteBy(HelperTable helper, string table, string key)
    {
        var (outer, inner) = (SqlLayout.Break(12), SqlLayout.Break(16));
        return new($"DELETE FROM {table}{outer}WHERE {key} IN ({inner}SELECT * FROM {helper.Table}{outer})");
    }

    private IEnumerable<MergeStatement> Inserts()
    {
        var helper = new HelperTable(_input, HelperTable.Insert);
        if (HasInsertHelper)
        {
            var keys = _isDeduplicated
                ? $" SELECT {_input.RowKey} FROM {_input.Staged} WHERE {Condition}"
                : Deduplicated(_input.RowKey, _mark?.Column);
            foreach (var statement in helper.Made(keys)) yield return statement;
        }

        yield return InsertOfRoot(helper);
        foreach (var nested in _input.Nested) yield return InsertOfNested(nested, helper);
    }

    private MergeStatement InsertOfRoot(HelperTable helper)
    {
        var columns = SqlNames.Columns(MergeInput.ColumnsOf(_input.Root));
        var head = $"INSERT INTO {_input.Table}({columns})";
        var inserted = _mark is null && _filter is null && !IsGuarded ? new InsertedRows(_input.Root.Name, InsertsAll) : null;
        var guard = Guard(_input.Root);
        if (HasInsertHelper && _primaryKey.Count > 0)
            return Plain($"{_input.RowKey} IN (SELECT * FROM {helper.Table})");
        return _isDeduplicated ? Plain(Condition) : new(head + Deduplicated(columns, null) + guard) { Inserts = inserted };

        MergeStatement Plain(string condition) =>
            new($"{head} SELECT {columns} FROM {_input.Staged} WHERE {condition}{guard}") { Inserts = inserted };
    }

    private MergeStatement InsertOfNested(TableSchema nested, HelperTable helper)
    {
        var columns = SqlNames.Columns(MergeInput.ColumnsOf(nested));
        var select = DeduplicatedSelect.Of(
            _input.Names.Staged(nested.Name), [SqlKeys.RowKey(nested)], null, columns, ConditionOf(nested, helper));
        return new($"INSERT INTO {_input.Names.Table(nested.Name)}({columns}){select}{Guard(nested)}")
        {
            Inserts = InsertsAll ? new(nested.Name, IsEach: false) : null,
        };
    }

    /// <summary>Condition, with <c>AND</c>, that a row is not in the table yet; empty when the script may insert all rows.</summary>
    private string Guard(TableSchema table)
    {
        if (!IsGuarded) return "";
        var key = SqlKeys.RowKey(table);
        return $" AND {key} NOT IN (SELECT {key} FROM {_input.Names.Table(table.Name)})";
    }

    private string ConditionOf(TableSchema nested, HelperTable helper)
    {
        if (HasInsertHelper) return $"{SqlKeys.RootKey(_input.Schema, nested)} IN (SELECT * FROM {helper.Table})";
        return _filter is null
            ? "1 = 1"
            : $"{SqlKeys.RootKey(_input.Schema, nested)} IN (SELECT {_input.RowKey} FROM {_input.Staged} WHERE {_filter})";
    }

    /// <summary>Condition on the staged root rows to insert, where no row is dropped for its key.</summary>
    private string Condition => (_mark, _filter) switch
    {
        (null, null) => "1 = 1",
        (null, { } filter) => filter.ToString(),
        ({ } mark, null) => mark.Kept(),
        var (mark, filter) => $"{mark.Kept()} AND {filter}",
    };

    /// <summary>
    /// Selects the root rows to insert, one for each primary key. The filter comes first: a row that does not take part hides no other one.
    /// The mark comes last: a deletion hides the older rows with its key.
    /// </summary>
    private string Deduplicated(string columns, string? tested) => DeduplicatedSelect.Of(
        _input.Staged, _primaryKey, _input.Root.DedupSort, columns, _mark?.Kept() ?? "1 = 1", tested, _filter?.ToString());
}

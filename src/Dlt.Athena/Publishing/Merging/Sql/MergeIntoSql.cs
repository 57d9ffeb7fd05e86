using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// The MERGE statements of <see cref="MergeStrategy.Upsert"/>, <see cref="MergeStrategy.Cdc"/> and
/// <see cref="MergeStrategy.InsertOnly"/> (docs/spec/pipeline.md 9.5).
/// </summary>
/// <param name="input">The merge.</param>
/// <param name="filter">Condition on the staged root rows, in parentheses; null for all rows.</param>
internal sealed class MergeIntoSql(MergeInput input, string? filter)
{
    /// <summary>True when matched rows are updated or deleted; false when only new rows are inserted.</summary>
    public bool Updates { get; init; }

    /// <summary>True to leave matched rows that equal the staged row unchanged.</summary>
    public bool SkipsUnchanged { get; init; }

    /// <summary>Condition under which a new row is inserted; null for always.</summary>
    public string? Inserts { get; init; }

    private string Source => filter is null ? input.Staged : $"(SELECT * FROM {input.Staged} WHERE {filter})";

    /// <summary>
    /// True when a staged root row may have another row key than the stored one, such as one that was appended, and the staged nested rows
    /// belong to the new key. The row then differs, whatever its values.
    /// </summary>
    private bool MayMove => SkipsUnchanged && input.Nested.Length > 0
        && !SqlKeys.PrimaryKey(input.Root, input.Strategy).Contains(input.RowKey);

    /// <summary>The statement of the root table.</summary>
    /// <exception cref="SchemaException">The table has no primary key.</exception>
    public MergeStatement Root()
    {
        var (line, inner) = (SqlLayout.Break(16), SqlLayout.Break(20));
        var root = input.Root;
        var text = $"MERGE INTO {input.Table} d USING {Source} s{line}ON "
            + SqlKeys.Match(SqlKeys.PrimaryKey(root, input.Strategy), "d", "s");
        if (Updates)
        {
            var delete = HardDeleteSql.Of(root) is { } mark ? $"WHEN MATCHED AND {mark.Deleted("s.")} THEN DELETE" : "";
            text += $"{line}{delete}{line}WHEN MATCHED{ChangeOf(root)}{inner}THEN UPDATE SET {Assignments(root)}";
        }

        var condition = Inserts is null ? "" : $" AND ({Inserts})";
        text += $"{line}WHEN NOT MATCHED{condition}{inner}THEN {Insert(root)}";
        return new(text);
    }

    /// <summary>The statement of a nested table, whose rows are found by their row key.</summary>
    /// <exception cref="SchemaException">The table has no row key, or none of its root row.</exception>
    public MergeStatement Nested(TableSchema nested)
    {
        var (line, inner) = (SqlLayout.Break(20), SqlLayout.Break(24));
        var staged = input.Names.Staged(nested.Name);
        var source = filter is null
            ? staged
            : $"(SELECT * FROM {staged} WHERE {SqlKeys.RootKey(input.Schema, nested)} IN ({StagedRoots()}))";
        var update = Updates ? $"WHEN MATCHED{ChangeOf(nested)} THEN UPDATE SET {Assignments(nested)}" : "";
        var text = $"MERGE INTO {input.Names.Table(nested.Name)} d USING {source} s{line}ON "
            + $"{SqlKeys.Match([SqlKeys.RowKey(nested)], "d", "s")}{line}{update}{line}WHEN NOT MATCHED{inner}THEN {Insert(nested)}";
        return new(text);
    }

    /// <summary>
    /// Deletes the nested rows of root rows that get another row key, the deepest first: the staged rows take their place. dlt leaves such
    /// a root row as it is, and its new nested rows without a root row.
    /// </summary>
    public IEnumerable<MergeStatement> Moved() => !MayMove ? [] : input.Nested.Reverse().Select(
        nested => new MergeStatement($"DELETE FROM {input.Names.Table(nested.Name)} WHERE {IsMoved(nested)}"));

    /// <summary>Condition that a nested row belongs to a root row that gets another row key: by its root or by its parent row.</summary>
    private string IsMoved(TableSchema nested)
    {
        var match = SqlKeys.Match(SqlKeys.PrimaryKey(input.Root, input.Strategy), "d", "s");
        var id = input.RowKey;
        var roots = $"SELECT d.{id} FROM {input.Table} d JOIN {Source} s ON {match} WHERE d.{id} <> s.{id}";
        var byRoot = $"{SqlKeys.RootKey(input.Schema, nested)} IN ({roots})";
        if (SqlKeys.ParentKey(nested) is not { } key) return byRoot;
        var parents = input.Nested.FirstOrDefault(t => t.Name == nested.Parent) is { } parent
            ? $"SELECT {SqlKeys.RowKey(parent)} FROM {input.Names.Table(parent.Name)} WHERE {IsMoved(parent)}" : roots;
        return $"{byRoot} OR {key} IN ({parents})";
    }

    /// <summary>Deletes the nested rows that the staged root rows no longer have.</summary>
    public MergeStatement Orphans(TableSchema nested)
    {
        var (table, staged, key) = (input.Names.Table(nested.Name), input.Names.Staged(nested.Name), SqlKeys.RowKey(nested));
        return new($"DELETE FROM {table} WHERE {SqlKeys.RootKey(input.Schema, nested)} IN ({StagedRoots()}) "
            + $"AND {key} NOT IN (SELECT {key} FROM {staged})");
    }

    /// <summary>Deletes the nested rows of staged root rows that are deletions.</summary>
    public MergeStatement OfDeleted(TableSchema nested, HardDeleteSql mark) => new(
        $"DELETE FROM {input.Names.Table(nested.Name)} WHERE {SqlKeys.RootKey(input.Schema, nested)} IN ({StagedRoots(mark.Deleted())})");

    /// <summary>Query for the row keys of the staged root rows that take part.</summary>
    private string StagedRoots(string? condition = null)
    {
        var conditions = string.Join(" AND ", new[] { condition, filter }.OfType<string>());
        return $"SELECT {input.RowKey} FROM {input.Staged}" + (conditions.Length == 0 ? "" : $" WHERE {conditions}");
    }

    private static string Assignments(TableSchema table) => string.Join(
        ", ", MergeInput.ColumnsOf(table).Select(SqlNames.Column).Select(c => $"{c} = s.{c}"));

    private static string Insert(TableSchema table)
    {
        var columns = MergeInput.ColumnsOf(table).ToList();
        return $"INSERT ({SqlNames.Columns(columns)}) VALUES ({SqlNames.Columns(columns, "s")})";
    }

    /// <summary>Condition that a matched row differs from the staged one, with <c>AND</c>; null to update all matched rows.</summary>
    private string? ChangeOf(TableSchema table)
    {
        if (!SkipsUnchanged) return null;
        var moved = table == input.Root && MayMove ? $" OR (s.{input.RowKey} IS DISTINCT FROM d.{input.RowKey})" : "";
        var columns = table.CompleteColumns.ToList();
        if (columns.FirstOrDefault(c => c.Has(HintNames.RowVersion)) is { } version)
        {
            var name = SqlNames.Column(version.Name);
            return $" AND (s.{name} <> d.{name}{moved})";
        }

        var loadId = input.Schema.Naming.NormalizeIdentifier(SystemTables.LoadId);
        var compared = columns.Where(c => c.Name != loadId && !IsKey(c)).Select(c => SqlNames.Column(c.Name)).ToList();
        return compared.Count == 0
            ? null
            : $" AND ({string.Join(" OR ", compared.Select(c => $"(s.{c} IS DISTINCT FROM d.{c})"))}{moved})";
    }

    private static bool IsKey(ColumnSchema column) =>
        column.Has(HintNames.PrimaryKey) || column.Has("row_key") || column.Has("parent_key") || column.Has("root_key")
        || column.Has(HintNames.HardDelete);
}

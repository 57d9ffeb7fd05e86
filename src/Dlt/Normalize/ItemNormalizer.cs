using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Normalize.Rows;
using Dlt.Normalize.Shapes;
using Dlt.Normalize.Workers;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Normalize;

/// <summary>
/// Turns items into rows of column buffers and lets the schema follow. Items of a known shape take the fast path (<see cref="ShapeScanner"/>);
/// all others, and the first of every shape, the exact one (<see cref="RowTree"/>, <see cref="RowCoercion"/>).
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class ItemNormalizer
{
    private readonly Schema _schema;
    private readonly DestinationCapabilities _capabilities;
    private readonly NormalizeKeys _keys;
    private readonly IRowIdSource _ids;
    private readonly RowTree _tree;
    private readonly RowCoercion _coercion;
    private readonly ContractGuard _contracts;
    private readonly TableFilters _filters;
    private readonly ShapeLearner _learner;
    private readonly ShapeScanner _scanner = new();
    private readonly Dictionary<string, TableBuffer> _tables = new(StringComparer.Ordinal);
    private readonly List<TableBuffer> _tableOrder = [];   // parents before children
    private readonly Dictionary<string, ObjectShape?> _rootShapes = new(StringComparer.Ordinal);
    private readonly HashSet<(string Table, string Column)> _nullColumns = [];
    private readonly SchemaTurn? _turn;

    /// <param name="schema">Names and types; it grows with the data.</param>
    /// <param name="capabilities">Limits of the destination.</param>
    /// <param name="loadId">Value of <c>_dlt_load_id</c>.</param>
    /// <param name="ids">Ids of root rows.</param>
    /// <param name="time">What "now" is for type detection.</param>
    /// <param name="turn">When the schema may grow; null for always.</param>
    public ItemNormalizer(Schema schema, DestinationCapabilities capabilities, string loadId, IRowIdSource ids, TimeProvider time, SchemaTurn? turn = null)
    {
        if (turn is null) PropagationRules.NormalizeNames(schema);
        _turn = turn;
        _schema = schema;
        _capabilities = capabilities;
        _keys = NormalizeKeys.Of(schema, loadId);
        _ids = ids;
        _tree = new(schema, capabilities, loadId, ids);
        _coercion = new(schema, capabilities, time.GetUtcNow());
        _contracts = new(schema);
        _filters = new(schema);
        _learner = new(schema, _tree, _keys, name => _tables.GetValueOrDefault(name));
    }

    /// <summary>Off in tests that compare both paths.</summary>
    public bool UseFastPath { get; init; } = true;

    /// <summary>Tables with buffered or written rows, parents before children.</summary>
    public IReadOnlyList<TableBuffer> Tables => _tableOrder;

    /// <summary>Tables and columns that this package added, by table.</summary>
    public SchemaUpdates Updates { get; init; } = new();

    /// <summary>True: items that are no rows go to a table of their own instead of ending the run.</summary>
    public bool KeepsRejects { get; init; }

    /// <summary>Columns that saw a null since the last call.</summary>
    public IReadOnlyCollection<(string Table, string Column)> TakeNullColumns()
    {
        if (_nullColumns.Count == 0) return [];
        List<(string Table, string Column)> taken = [.. _nullColumns];
        _nullColumns.Clear();
        return taken;
    }

    /// <summary>Takes one item as a JSON text.</summary>
    /// <param name="text">The item, followed by at least 64 zero or other readable bytes of which the first ends it.</param>
    /// <param name="length">Bytes of the item.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="source">File for error messages.</param>
    /// <param name="offset">Byte offset of the item in its file.</param>
    /// <param name="line">1-based line of the item in its file.</param>
    public unsafe void Add(byte* text, int length, string table, string source, long offset, long line)
    {
        if (UseFastPath && *text == '{' && RootShape(table) is { } shape)
        {
            var root = shape.Table;
            var row = root.Begin();
            var end = _scanner.TryScan(text, shape, row);
            if (end is not null && end <= text + length && IsBlank(end, text + length))
            {
                root.Commit(row, _ids);
                return;
            }

            Undo(root, row);
        }

        AddExact(new ReadOnlySpan<byte>(text, length), table, source, offset, line);
    }

    /// <summary>Takes one item as a JSON text by the exact path; one that cannot be a row is rejected, if rejects are kept.</summary>
    /// <exception cref="DltException">The text is not JSON, or does not fit the schema.</exception>
    public void AddExact(ReadOnlySpan<byte> text, string table, string source, long offset, long line)
    {
        if (!KeepsRejects)
        {
            Add(JsonParser.Parse(text, source, offset, line), table);
            return;
        }

        Seal();
        int[] before = [.. _tableOrder.Select(t => t.Rows)];
        while (true)
        {
            try
            {
                Add(JsonParser.Parse(text, source, offset, line), table);
                return;
            }
            catch (DltException error) when (error is JsonFormatException or SchemaException)
            {
                for (var i = 0; i < _tableOrder.Count; i++) _tableOrder[i].Truncate(i < before.Length ? before[i] : 0);
                if (MustCoerceAgain()) continue;   // with the rows before it in the schema, the item may fit
                Add(RejectedItem.Of(text, table, source, offset, line, error), _schema.NormalizeTableIdentifier(RejectedItem.Table));
                return;
            }
        }
    }

    /// <summary>Takes one item by the exact path.</summary>
    public void Add(JsonValue item, string table)
    {
        Seal();
        _tree.Visit(item, table, WriteRow);
        if (item.Kind == JsonKind.Object && UseFastPath) Learn(item, table);
    }

    /// <summary>Forgets the buffered rows.</summary>
    public void Reset()
    {
        foreach (var table in _tableOrder) table.Clear();
        _nullColumns.Clear();
    }

    /// <summary>The next items take the exact path again, until their shapes are learned anew.</summary>
    public void ForgetShapes() => _rootShapes.Clear();

    /// <summary>Makes the ids of all rows; afterwards tables can be written one by one.</summary>
    public void Seal()
    {
        foreach (var table in _tableOrder)
        {
            if (table.Parent is null) continue;
            var root = table;
            while (root.Parent is not null) root = root.Parent;
            table.Seal(root);
        }
    }

    private static unsafe bool IsBlank(byte* from, byte* to)
    {
        for (; from < to; from++)
            if (*from is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        return true;
    }

    private ObjectShape? RootShape(string table) => _rootShapes.GetValueOrDefault(table);

    private void Undo(TableBuffer root, int row)
    {
        root.Truncate(row);
        foreach (var table in _tableOrder)
            if (table.Parent is not null) table.DropNested(row);
    }

    private void Learn(JsonValue item, string table)
    {
        if (!_rootShapes.TryGetValue(table, out var shape))
        {
            if (!_tables.TryGetValue(table, out var buffer) || buffer.RowIds is null) return;
            shape = AllowsFastPath(table, buffer) ? new ObjectShape(buffer, [], _tree.Nesting(table)) : null;
            _rootShapes[table] = shape;
        }

        if (shape is not null) _learner.Learn(item, shape, [table]);
    }

    /// <summary>Hashed ids, filters and propagation of other columns than the root's id need whole rows.</summary>
    private bool AllowsFastPath(string table, TableBuffer buffer)
    {
        if (buffer.Parent is not null || RowIdKinds.Of(_schema, _capabilities, table) != RowIdKind.Random || _filters.Any) return false;
        if (_schema.Normalizers["json"]?["config"]?["propagation"] is not { Kind: JsonKind.Object } propagation) return true;
        var rules = new[] { propagation["root"] }.Concat(propagation["tables"]?.Members.Select(t => t.Value) ?? []).OfType<JsonValue>();
        return rules.All(rule => rule.Members.All(m => m.Key == _keys.RowIdColumn && m.Value.AsString() == _keys.RootIdColumn));
    }

    /// <summary>Filters, coerces, checks the contract, updates the schema, stores.</summary>
    /// <returns>False when the rows below this one are dropped as well.</returns>
    private bool WriteRow(TreeRow row)
    {
        var name = row.Table;
        if (_contracts.IsDiscarded(name)) return false;
        var fields = _filters.Apply(name, row.Fields);
        if (fields.Count == 0) return false;

        TableSchema? table;
        List<CoercedValue> values;
        List<ColumnSchema>? added;
        bool dependsOnOrder;
        do
        {
            _schema.TryGetTable(name, out table);
            values = Coerce(table, name, fields, out added, out dependsOnOrder);
        }
        while (dependsOnOrder && MustCoerceAgain());

        if (added is not null)
        {
            var partial = (table is null ? NewTable(name, row.ParentTable) : table.WithColumns([])).WithColumns(added);
            if (!_contracts.Apply(ref partial, values, out var isRowKept)) return false;
            var isNew = table is null;
            table = _schema.UpdateTable(partial, _capabilities);
            Updates.Add(partial, isNew);
            if (partial.Columns.Any(c => c.DataType == DataType.Json && !c.Has("variant"))) ChangeShapes();
            if (!isRowKept) return false;
        }

        Store(table!, values);
        return true;
    }

    /// <param name="table">The stored table; null while it is unknown.</param>
    /// <param name="name">Its name.</param>
    /// <param name="fields">The row.</param>
    /// <param name="added">Columns that the schema lacks.</param>
    /// <param name="dependsOnOrder">True when rows before this one could change the outcome: a column is new, or a variant stands in for a column that may yet come.</param>
    private List<CoercedValue> Coerce(
        TableSchema? table, string name, List<KeyValuePair<string, JsonValue>> fields, out List<ColumnSchema>? added, out bool dependsOnOrder)
    {
        var values = new List<CoercedValue>(fields.Count);
        added = null;
        dependsOnOrder = false;
        foreach (var (column, json) in fields)
        {
            if (!_coercion.TryCoerce(table, name, column, json, out var value))
            {
                _nullColumns.Add((name, column));
                continue;
            }

            values.Add(value);
            dependsOnOrder |= value.IsNew || (value.Column.Name != column && !(table!.TryGetColumn(column, out var own) && own.IsComplete));
            if (value.IsNew && (added is null || !added.Exists(c => c.Name == value.Column.Name))) (added ??= []).Add(value.Column);
        }

        return values;
    }

    /// <summary>A row that changes the schema waits for the chunks before its own; afterwards the schema may have what it needs.</summary>
    private bool MustCoerceAgain()
    {
        if (_turn is null or { IsHeld: true }) return false;
        return _turn.TryTake() ? true : throw new StaleShapesException();
    }

    /// <summary>A json column keeps whole what the fast path may have learned to take apart.</summary>
    private void ChangeShapes()
    {
        ForgetShapes();
        _turn?.ChangeShapes();
    }

    private static TableSchema NewTable(string name, string? parent) => new(name, parent);

    private void Store(TableSchema table, List<CoercedValue> values)
    {
        var buffer = Buffer(table);
        var row = buffer.AddWithKeys();
        foreach (var value in values)
        {
            if (!buffer.TryGetColumn(value.Column.Name, out var column))
            {
                table.TryGetColumn(value.Column.Name, out var stored);
                column = buffer.AddColumn(stored ?? value.Column, _capabilities);
            }

            if (column!.Buffer.Rows > row) column.Buffer.Truncate(row);   // two fields became one variant column
            ValueAppender.Append(column, row, value.Value);
        }
    }

    private TableBuffer Buffer(TableSchema table)
    {
        if (_tables.TryGetValue(table.Name, out var buffer)) return buffer;
        var parent = table.Parent is { } name && _schema.TryGetTable(name, out var above) ? Buffer(above) : null;
        buffer = new TableBuffer(table.Name, parent, _keys);
        _tables[table.Name] = buffer;
        _tableOrder.Add(buffer);
        return buffer;
    }
}

using Dlt.Items;
using Dlt.Normalize.Coercion;
using Dlt.Normalize.Contracts;
using Dlt.Normalize.Workers;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>
/// Writes a row by the exact path: filters it, converts its values, checks the contract, extends the schema, and stores the values in
/// column buffers.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class RowWriter
{
    private readonly Schema _schema;
    private readonly DestinationCapabilities _capabilities;
    private readonly NormalizeKeys _keys;
    private readonly RowCoercion _coercion;
    private readonly ContractGuard _contracts;
    private readonly TableFilters _filters;
    private readonly SchemaTurn? _turn;
    private readonly Dictionary<(string Name, RowOrigin Origin), TableBuffer> _tables = [];
    private readonly List<TableBuffer> _tableOrder = [];   // parents before children
    private readonly HashSet<(string Table, string Column)> _nullColumns = [];
    private readonly List<DiscardedRow> _discarded = [];
    private readonly RoundedValues _rounded = new();

    public RowWriter(Schema schema, DestinationCapabilities capabilities, NormalizeKeys keys, DateTimeOffset now, SchemaTurn? turn)
    {
        _schema = schema;
        _capabilities = capabilities;
        _keys = keys;
        _turn = turn;
        _coercion = new(schema, capabilities, now);
        _contracts = new(schema);
        _filters = new(schema);
    }

    /// <summary>Tables with buffered or written rows, parents before children.</summary>
    public IReadOnlyList<TableBuffer> Tables => _tableOrder;

    /// <summary>Tables and columns that this package has added, by table.</summary>
    public SchemaUpdates Updates { get; init; } = new();

    /// <summary>Called when objects that were flattened so far may stay nested from now on.</summary>
    public required Action ShapesChanged { get; init; }

    /// <summary>Token that is checked before a row extends the schema, so a row with very many tables can be cancelled.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The columns that a row needs; null to leave rows without one to the check of whole row groups.</summary>
    public RequiredFields? Required { get; set; }

    /// <summary>True when a table has rules that remove fields.</summary>
    public bool HasFilters => _filters.Any;

    /// <summary>Meaning of the texts in the current rows.</summary>
    public BatchTexts Texts
    {
        get => _coercion.Texts;
        set => _coercion.Texts = value;
    }

    /// <summary>Decimal digits that the source declares for the current rows.</summary>
    public SourceDecimals Decimals
    {
        get => _coercion.Decimals;
        set => _coercion.Decimals = value;
    }

    /// <summary>Date and timestamp types of the source for the current rows.</summary>
    public SourceTimes Times
    {
        get => _coercion.Times;
        set => _coercion.Times = value;
    }

    /// <summary>Counts of rounded values in the current rows.</summary>
    public RoundedValues Rounded => _rounded;

    /// <summary>Rows that contracts have dropped since the list was cleared.</summary>
    public List<DiscardedRow> Discarded => _discarded;

    /// <summary>Number of root rows that a contract or a filter dropped, until the caller resets it.</summary>
    public long DroppedRoots { get; set; }

    /// <summary>Number of rows that contracts dropped, by table, until the caller clears it.</summary>
    public Dictionary<string, long> DiscardedRows { get; } = new(StringComparer.Ordinal);

    public TableBuffer? Find(string table, RowOrigin origin = RowOrigin.Items) => _tables.GetValueOrDefault((table, origin));

    /// <summary>Returns the columns that received a null since the last call.</summary>
    public IReadOnlyCollection<(string Table, string Column)> TakeNullColumns()
    {
        if (_nullColumns.Count == 0) return [];
        List<(string Table, string Column)> taken = [.. _nullColumns];
        _nullColumns.Clear();
        return taken;
    }

    public void NoteNull(string table, string column) => _nullColumns.Add((table, column));

    /// <summary>Writes one row.</summary>
    /// <returns>False when the row and its nested rows are dropped.</returns>
    /// <exception cref="SchemaException">
    /// A value or null does not fit, or the contract freezes the part of the schema that would change.
    /// </exception>
    public bool Write(TreeRow row)
    {
        var isKept = TryWrite(row);
        if (!isKept && row.ParentTable is null) DroppedRoots++;
        return isKept;
    }

    private bool TryWrite(TreeRow row)
    {
        var name = row.Table;
        if (_contracts.IsDiscarded(name)) return Discard(name, "the contract drops the table");
        var fields = _filters.Apply(name, row.Fields);
        if (fields.Count == 0) return false;

        TableSchema? table;
        List<CoercedValue> values;
        List<ColumnSchema>? added;
        bool dependsOnOrder;
        do
        {
            _schema.TryGetTable(name, out table);
            if (table is not null && table.Parent != row.ParentTable) TableOwnership.Check(_schema, table, row.ParentTable);
            values = Coerce(table, name, fields, out added, out dependsOnOrder);
        }
        while (dependsOnOrder && TryWaitForTurn());

        if (added is not null)
        {
            Cancellation.ThrowIfCancellationRequested();
            var partial = (table is null ? new TableSchema(name, row.ParentTable) : table.WithColumns([])).WithColumns(added);
            if (!_contracts.Apply(ref partial, values, out var isRowKept)) return Discard(name, "the contract drops the table");
            var isNew = table is null;
            var keepsWhole = partial.Columns.Any(c => c.DataType == DataType.Json && !c.Has("variant")
                && !(table is not null && table.TryGetColumn(c.Name, out var known) && known.IsComplete));
            table = _schema.UpdateTable(partial, _capabilities);
            Updates.Add(partial, isNew);
            if (keepsWhole)
            {
                ShapesChanged();
                _turn?.ChangeShapes();
            }

            if (!isRowKept)
            {
                var dropped = added.Where(a => !partial.TryGetColumn(a.Name, out _)).Select(a => $"'{a.Name}'");
                return Discard(name, $"the contract drops rows with {string.Join(", ", dropped)}");
            }
        }

        if (Required is not null) CheckRequired(name, values);
        Store(table!, values, row.Origin);
        return true;
    }

    private void CheckRequired(string table, List<CoercedValue> values)
    {
        foreach (var column in Required!.Of(table))
        {
            if (!values.Exists(v => v.Column.Name == column)) throw RequiredColumn.WithNulls(table, column, values.Select(v => v.Column));
        }
    }

    /// <summary>Waits until all earlier chunks are done, unless the schema already has their changes.</summary>
    /// <returns>True when it waited: the schema may have changed, so convert the row again.</returns>
    /// <exception cref="StaleShapesException">An earlier chunk changed how objects become rows, so this chunk must start again.</exception>
    public bool TryWaitForTurn()
    {
        if (_turn is null or { IsHeld: true }) return false;
        return _turn.TryTake() ? true : throw new StaleShapesException();
    }

    /// <summary>Returns the buffer of a table, and creates it if necessary.</summary>
    public TableBuffer Buffer(TableSchema table, RowOrigin origin = RowOrigin.Items)
    {
        if (_tables.TryGetValue((table.Name, origin), out var buffer)) return buffer;
        var parent = table.Parent is { } name && _schema.TryGetTable(name, out var above) ? Buffer(above, origin) : null;
        buffer = new TableBuffer(table.Name, parent, _keys, origin);
        _tables[(table.Name, origin)] = buffer;
        _tableOrder.Add(buffer);
        return buffer;
    }

    /// <summary>Returns the column of a buffer, and creates it if necessary.</summary>
    public TableColumn Column(TableBuffer buffer, ColumnSchema schema)
    {
        if (!buffer.TryGetColumn(schema.Name, out var column)) column = buffer.AddColumn(schema, _capabilities);
        return column!;
    }

    /// <summary>Returns a mark of the current rows, for <see cref="Truncate"/>.</summary>
    public RowMark Mark() => new([.. _tableOrder.Select(t => t.Rows)], _rounded.Count);

    /// <summary>Discards the rows written since the mark.</summary>
    public void Truncate(RowMark mark)
    {
        for (var i = 0; i < _tableOrder.Count; i++) _tableOrder[i].Truncate(i < mark.Rows.Length ? mark.Rows[i] : 0);
        _rounded.Truncate(mark.Rounded);
    }

    /// <summary>Discards the buffered rows.</summary>
    public void Reset()
    {
        foreach (var table in _tableOrder) table.Clear();
        _nullColumns.Clear();
        _rounded.Truncate(0);
    }

    /// <summary>Makes the ids of all rows. Afterwards the tables can be written independently.</summary>
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

    private bool Discard(string table, string reason)
    {
        _discarded.Add(new(table, reason));
        DiscardedRows[table] = DiscardedRows.GetValueOrDefault(table) + 1;
        return false;
    }

    /// <param name="table">The stored table; null when it does not exist yet.</param>
    /// <param name="name">Name of the table.</param>
    /// <param name="fields">Fields of the row.</param>
    /// <param name="added">Columns that the schema lacks.</param>
    /// <param name="dependsOnOrder">
    /// True when earlier rows could change the result: a column is new, or a variant column replaces a column that an earlier row may add.
    /// </param>
    private List<CoercedValue> Coerce(
        TableSchema? table, string name, List<KeyValuePair<string, JsonValue>> fields, out List<ColumnSchema>? added,
        out bool dependsOnOrder)
    {
        var values = new List<CoercedValue>(fields.Count);
        added = null;
        dependsOnOrder = false;
        var hasVariants = false;
        HashSet<string>? names = null;   // names of the added columns
        foreach (var (column, json) in fields)
        {
            if (!_coercion.TryCoerce(table, name, column, json, out var value))
            {
                dependsOnOrder |= value.IsProvisional;
                _nullColumns.Add((name, column));
                continue;
            }

            values.Add(value);
            hasVariants |= value.Column.Name != column;
            dependsOnOrder |= value.IsNew || value.IsProvisional
                || (value.Column.Name != column && !(table!.TryGetColumn(column, out var own) && own.IsComplete));
            if (value.IsNew && (names ??= new(StringComparer.Ordinal)).Add(value.Column.Name)) (added ??= []).Add(value.Column);
        }

        if (hasVariants) CheckDistinct(name, values);
        return values;
    }

    /// <summary>
    /// Refuses a row in which a variant column is also a field with another value, since one of the two values would be lost.
    /// </summary>
    private static void CheckDistinct(string table, List<CoercedValue> values)
    {
        foreach (var group in values.GroupBy(v => v.Column.Name, StringComparer.Ordinal))
        {
            if (group.Skip(1).All(v => v.Value.Equals(group.First().Value))) continue;
            throw UnloadableItemException.TwoVariants(table, group.Key);
        }
    }

    private void Store(TableSchema table, List<CoercedValue> values, RowOrigin origin)
    {
        var buffer = Buffer(table, origin);
        var row = buffer.AddWithKeys();
        foreach (var value in values)
        {
            if (!buffer.TryGetColumn(value.Column.Name, out var column))
            {
                table.TryGetColumn(value.Column.Name, out var stored);
                column = buffer.AddColumn(stored ?? value.Column, _capabilities);
            }

            if (column!.Buffer.Rows > row) column.Buffer.Truncate(row);   // two fields with equal values share the variant column
            ValueAppender.Append(column, row, value.Value);
            if (value.IsRounded) _rounded.Add(table.Name, value.Column.Name, 1);
        }
    }
}

using Apache.Arrow;
using Dlt.Items;
using Dlt.Json;
using Dlt.Names;
using Dlt.Normalize.Batches;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Coercion;
using Dlt.Normalize.Rows;
using Dlt.Normalize.Shapes;
using Dlt.Normalize.Workers;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Normalize;

/// <summary>
/// Turns items into rows of column buffers and adds new tables and columns to the schema. Items of a known shape take the fast path
/// (<see cref="ShapeScanner"/>). Other items, and the first item of each shape, take the exact path (<see cref="RowTree"/>,
/// <see cref="RowCoercion"/>).
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class ItemNormalizer
{
    private readonly Schema _schema;
    private readonly DestinationCapabilities _capabilities;
    private readonly NormalizeKeys _keys;
    private readonly IRowIdSource _ids;
    private readonly RowTree _tree;
    private readonly RowWriter _rows;
    private readonly ItemBatchWriter _itemBatches;
    private readonly ShapeLearner _learner;
    private readonly ShapeScanner _scanner = new();
    private readonly Dictionary<string, ObjectShape?> _rootShapes = new(StringComparer.Ordinal);
    private ExtractedJob? _batchJob;
    private long _rejectedItems;

    /// <param name="schema">Schema with the names and types; it grows with the data.</param>
    /// <param name="capabilities">Limits of the destination.</param>
    /// <param name="loadId">Value of <c>_dlt_load_id</c>.</param>
    /// <param name="ids">Source of the ids of root rows.</param>
    /// <param name="time">Clock for type detection.</param>
    /// <param name="turn">Turn in which the schema may grow; null when it may always grow.</param>
    /// <param name="updates">Receives the tables and columns that are added.</param>
    /// <param name="cancellationToken">Checked between items of the exact path, and between the tables of one item.</param>
    public ItemNormalizer(
        Schema schema, DestinationCapabilities capabilities, string loadId, IRowIdSource ids, TimeProvider time, SchemaTurn? turn = null,
        SchemaUpdates? updates = null, CancellationToken cancellationToken = default)
    {
        if (turn is null) PropagationRules.NormalizeNames(schema);
        _schema = schema;
        _capabilities = capabilities;
        _keys = NormalizeKeys.Of(schema, loadId);
        _ids = ids;
        _tree = new(schema, capabilities, loadId, ids, turn?.Former ?? new FormerNames(schema));
        _rows = new(schema, capabilities, _keys, time.GetUtcNow(), turn)
        {
            Updates = updates ?? new(),
            ShapesChanged = ForgetShapes,
            Cancellation = cancellationToken,
        };
        _itemBatches = new(schema, capabilities, _tree, _rows, ids, AddRow);
        _learner = new(schema, _tree, _keys, name => _rows.Find(name));
    }

    /// <summary>True to use the fast path. Tests that compare both paths set it to false.</summary>
    public bool UseFastPath { get; init; } = true;

    /// <summary>Tables with buffered or written rows, parents before children.</summary>
    public IReadOnlyList<TableBuffer> Tables => _rows.Tables;

    /// <summary>Tables and columns that this package has added, by table.</summary>
    public SchemaUpdates Updates => _rows.Updates;

    /// <summary>True: items that cannot become rows go to <c>_dlt_rejected</c> instead of ending the run.</summary>
    public bool KeepRejects
    {
        get => _rows.Required is not null;
        init => _rows.Required = value ? new(_schema) : null;
    }

    /// <summary>Key columns that are added to rows of Arrow tables.</summary>
    public ArrowKeys ArrowKeys { get; init; } = new(false, false);

    /// <summary>
    /// Number of items since <see cref="BeginChunk"/> that did not become a row of their table: rejected, or dropped by a contract or a
    /// filter.
    /// </summary>
    public long DroppedItems => _rejectedItems + _rows.DroppedRoots;

    /// <summary>
    /// Rows since <see cref="BeginChunk"/> that a contract dropped, by table; none when rejects are kept, because they are among those.
    /// </summary>
    public IEnumerable<KeyValuePair<string, long>> DiscardedRows => KeepRejects ? [] : _rows.DiscardedRows;

    /// <summary>Resets the counts.</summary>
    public void BeginChunk()
    {
        _rejectedItems = 0;
        _rows.DroppedRoots = 0;
        _rows.DiscardedRows.Clear();
        _rows.Rounded.Truncate(0);
    }

    /// <summary>Returns the columns that received a null since the last call.</summary>
    public IReadOnlyCollection<(string Table, string Column)> TakeNullColumns() => _rows.TakeNullColumns();

    /// <summary>Values that were rounded since the last <see cref="BeginChunk"/>.</summary>
    public RoundedValues Rounded => _rows.Rounded;

    /// <summary>Adds one item from its JSON text.</summary>
    /// <param name="text">The item, followed by at least 64 zero or other readable bytes of which the first ends it.</param>
    /// <param name="length">Length of the item in bytes.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="source">Name of the file for error messages.</param>
    /// <param name="offset">Byte offset of the item in its file.</param>
    /// <param name="line">Line of the item in its file, from 1.</param>
    public unsafe void Add(byte* text, int length, string table, string source, long offset, long line)
    {
        if (UseFastPath && *text == '{' && length <= TextLimit.MaxBytes && RootShape(table) is { } shape)
        {
            var root = shape.Table;
            var row = root.Begin();
            var end = _scanner.TryScan(text, shape, row);
            if (end is not null && end <= text + length && IsBlank(end, text + length) && HasRequired(root, row))
            {
                root.Commit(row, _ids);
                return;
            }

            Undo(root, row);
        }

        AddExact(new ReadOnlySpan<byte>(text, length), table, source, offset, line);
    }

    /// <summary>
    /// Adds one item from its JSON text by the exact path. An item that cannot become a row is rejected, if rejects are kept.
    /// </summary>
    /// <exception cref="DltException">The text is not JSON, or does not fit the schema.</exception>
    public void AddExact(ReadOnlySpan<byte> text, string table, string source, long offset, long line) =>
        AddExact(new ItemText(text, source, offset, line), table);

    /// <summary>Adds a batch of items, or of rows of an Arrow table.</summary>
    /// <exception cref="DltException">A row does not fit the schema.</exception>
    public void Add(RecordBatch batch, ExtractedJob job, RowOrigin origin)
    {
        if (origin == RowOrigin.ArrowTable)
        {
            new ArrowTableWriter(_schema, _capabilities, _rows, _keys, _ids, ArrowKeys).Add(batch, job.Table);
            return;
        }

        _batchJob = job;
        Seal();
        _rows.Texts = BatchTextsMetadata.Read(batch.Schema);
        _rows.Decimals = SourceDecimals.Of(batch.Schema, job.Table, _schema, _tree);
        _rows.Times = SourceTimes.Of(batch.Schema, job.Table, _schema, _tree);
        try
        {
            _itemBatches.Add(batch, job.Table, buffer => AllowsFastPath(job.Table, buffer));
        }
        finally
        {
            _rows.Texts = BatchTexts.Values;
            _rows.Decimals = SourceDecimals.None;
            _rows.Times = SourceTimes.None;
        }
    }

    /// <summary>Adds one item by the exact path.</summary>
    public void Add(JsonValue item, string table)
    {
        Seal();
        _rows.Discarded.Clear();
        _tree.Visit(item, table, _rows.Write);
        if (item.Kind == JsonKind.Object && UseFastPath) Learn(item, table);
    }

    /// <summary>Discards the buffered rows.</summary>
    public void Reset() => _rows.Reset();

    /// <summary>Forgets all shapes: the next items take the exact path until their shapes are learned again.</summary>
    public void ForgetShapes()
    {
        _rootShapes.Clear();
        _learner.Forget();
    }

    /// <summary>Makes the ids of all rows. Afterwards the tables can be written independently.</summary>
    public void Seal() => _rows.Seal();

    /// <summary>Adds a row of a batch.</summary>
    private void AddRow(JsonValue item, int row) => AddExact(new ItemText(item, _batchJob!.Path, row + 1), _batchJob.Table);

    private void AddExact(ItemText item, string table)
    {
        _rows.Cancellation.ThrowIfCancellationRequested();
        if (!KeepRejects)
        {
            try
            {
                Add(item.Parse(), table);
            }
            catch (UnloadableItemException error)
            {
                throw error.At(item);
            }

            return;
        }

        Seal();
        var before = _rows.Mark();
        while (true)
        {
            try
            {
                Add(item.Parse(), table);
                foreach (var row in _rows.Discarded.ToList()) Reject(RejectedRow.Of(item, row));
                return;
            }
            catch (DltException error) when (error is JsonFormatException or SchemaException)
            {
                _rows.Truncate(before);
                if (_rows.TryWaitForTurn()) continue;   // with the schema of the earlier rows the item may fit
                Reject(RejectedRow.Of(item, table, error));
                _rejectedItems++;
                return;
            }
        }
    }

    private void Reject(JsonValue row) => Add(row, _schema.NormalizeTableIdentifier(RejectedItem.Table));

    private static unsafe bool IsBlank(byte* from, byte* to)
    {
        for (; from < to; from++)
            if (*from is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        return true;
    }

    /// <summary>False when a row that may be rejected lacks a value: the exact path rejects it.</summary>
    private bool HasRequired(TableBuffer root, int row)
    {
        if (_rows.Required is null) return true;
        foreach (var name in _rows.Required.Of(root.Name))
            if (!root.TryGetColumn(name, out var column) || column!.Buffer.Rows <= row) return false;
        return true;
    }

    private ObjectShape? RootShape(string table) => _rootShapes.GetValueOrDefault(table);

    private void Undo(TableBuffer root, int row)
    {
        root.Truncate(row);
        foreach (var table in _rows.Tables)
            if (table.Parent is not null) table.DropNested(row);
    }

    private void Learn(JsonValue item, string table)
    {
        if (!_rootShapes.TryGetValue(table, out var shape))
        {
            if (_rows.Find(table) is not { RowIds: not null } buffer) return;
            shape = AllowsFastPath(table, buffer) ? new ObjectShape(buffer, [], _tree.Nesting(table)) : null;
            _rootShapes[table] = shape;
        }

        if (shape is not null) _learner.Learn(item, shape, [table]);
    }

    /// <summary>
    /// Returns false for tables that need whole rows: those with hashed ids, filters, or propagation of columns other than the root's id.
    /// </summary>
    private bool AllowsFastPath(string table, TableBuffer buffer)
    {
        if (buffer.Parent is not null || RowIdKinds.Of(_schema, _capabilities, table) != RowIdKind.Random || _rows.HasFilters) return false;
        if (_schema.Normalizers["json"]?["config"]?["propagation"] is not { Kind: JsonKind.Object } propagation) return true;
        var rules = new[] { propagation["root"] }.Concat(propagation["tables"]?.Members.Select(t => t.Value) ?? []).OfType<JsonValue>();
        return rules.All(rule => rule.Members.All(m => m.Key == _keys.RowIdColumn && m.Value.AsString() == _keys.RootIdColumn));
    }
}

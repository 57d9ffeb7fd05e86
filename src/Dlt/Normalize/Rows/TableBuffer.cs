using System.Text;
using Dlt.Hashing;
using Dlt.Items;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>A column of a table that is being filled: its schema, its type in the file, and its values.</summary>
internal sealed record TableColumn(ColumnSchema Schema, ColumnType Type, ColumnBuffer Buffer);

/// <summary>Rows of one table from one chunk, column by column.</summary>
/// <remarks>
/// Nested rows of the fast path receive their ids later: they store the row number of the parent, and <see cref="Seal"/> makes the ids of
/// all of them at once, parents first. Afterwards the rows no longer refer to the parent's buffers.
/// </remarks>
internal sealed class TableBuffer(string name, TableBuffer? parent, NormalizeKeys keys, RowOrigin origin = RowOrigin.Items)
{
    private readonly Dictionary<string, TableColumn> _columns = new(StringComparer.Ordinal);
    private readonly byte[] _nameUtf8 = Encoding.UTF8.GetBytes(name);
    private int[] _parentRows = new int[64];
    private int[] _rootRows = new int[64];
    private int _sealedRows;

    public string Name { get; } = name;

    /// <summary>Origin of the rows, which decides the columns of the file.</summary>
    public RowOrigin Origin { get; } = origin;

    /// <summary>
    /// Key of the file that the rows belong to. Rows of one table with different keys need different files. It is empty for items, and
    /// lists the units of times for Arrow tables.
    /// </summary>
    public string FileKey
    {
        get
        {
            if (Origin == RowOrigin.Items) return "";
            var times = _columns.Values.Where(c => c.Type.DataType is DataType.Timestamp or DataType.Time);
            return "arrow " + string.Join(',', times.Select(c => $"{c.Schema.Name}={c.Type.FractionDigits}"));
        }
    }

    /// <summary>Buffer of the parent table; null for a root table.</summary>
    public TableBuffer? Parent { get; } = parent;

    public int Rows { get; private set; }

    public IReadOnlyCollection<TableColumn> Columns => _columns.Values;

    /// <summary>Ids of the buffered rows; null until the table has its <c>_dlt_id</c> column.</summary>
    public BytesBuffer? RowIds { get; private set; }

    private BytesBuffer? ParentIds { get; set; }

    private FixedBuffer<long>? ListIndexes { get; set; }

    private BytesBuffer? RootIds { get; set; }

    public bool TryGetColumn(string column, out TableColumn? found) => _columns.TryGetValue(column, out found);

    /// <summary>Adds a column to the buffer.</summary>
    /// <param name="schema">The column.</param>
    /// <param name="capabilities">Capabilities of the destination, which decide the type in the file.</param>
    /// <param name="fileType">Type in the file that overrides that of the capabilities; null for none.</param>
    public TableColumn AddColumn(ColumnSchema schema, DestinationCapabilities capabilities, ColumnType? fileType = null)
    {
        var type = fileType ?? FileColumnTypes.Of(schema, capabilities);
        var isLoadId = schema.Name == keys.LoadIdColumn && Parent is null
            && (!SystemTables.IsSystemName(Name) || Name == RejectedItem.Table);
        var isRowId = type.DataType == DataType.Text
            && (schema.Name == keys.RowIdColumn || schema.Name == keys.ParentIdColumn || schema.Name == keys.RootIdColumn);
        ColumnBuffer buffer = isLoadId ? new ConstantBuffer(schema.Name, keys.LoadId)
            : isRowId ? new BytesBuffer(schema.Name, useDictionary: false)
            : type.NewBuffer(schema.Name);
        var column = new TableColumn(schema, type, buffer);
        _columns[schema.Name] = column;
        if (schema.Name == keys.RowIdColumn) RowIds = buffer as BytesBuffer;
        else if (schema.Name == keys.ParentIdColumn) ParentIds = buffer as BytesBuffer;
        else if (schema.Name == keys.ListIndexColumn) ListIndexes = buffer as FixedBuffer<long>;
        else if (schema.Name == keys.RootIdColumn) RootIds = buffer as BytesBuffer;
        return column;
    }

    /// <summary>Begins a root row. It is complete after <see cref="Commit"/> has set its id.</summary>
    public int Begin() => Rows++;

    /// <summary>Ends a root row with a new id.</summary>
    public void Commit(int row, IRowIdSource ids)
    {
        Span<byte> id = stackalloc byte[DltHash.RowIdChars];
        ids.Next(id);
        RowIds!.Append(row, id);
        _sealedRows = Rows;
    }

    /// <summary>Discards the nested rows of a root row that was not committed.</summary>
    public void DropNested(int rootRow)
    {
        var row = Rows;
        while (row > _sealedRows && _rootRows[row - 1] == rootRow) row--;
        Truncate(row);
    }

    /// <summary>Adds a row. The caller writes its keys.</summary>
    public int AddWithKeys()
    {
        _sealedRows = Rows + 1;
        return Rows++;
    }

    /// <summary>Adds rows. The caller copies their values.</summary>
    public void AddRows(int count)
    {
        Rows += count;
        _sealedRows = Rows;
    }

    /// <summary>Adds a nested row. <see cref="Seal"/> makes its ids.</summary>
    public int AddNested(int parentRow, int rootRow, long listIndex)
    {
        var row = Rows++;
        if (row >= _parentRows.Length)
        {
            Array.Resize(ref _parentRows, _parentRows.Length * 2);
            Array.Resize(ref _rootRows, _rootRows.Length * 2);
        }

        _parentRows[row] = parentRow;
        _rootRows[row] = rootRow;
        ListIndexes!.Append(row, listIndex);
        return row;
    }

    /// <summary>Makes the missing ids of nested rows. The parent must be sealed.</summary>
    public void Seal(TableBuffer root)
    {
        if (_sealedRows == Rows || Parent is null)
        {
            _sealedRows = Rows;
            return;
        }

        Span<byte> parents = stackalloc byte[KeccakFour.Ways * DltHash.RowIdChars];
        Span<byte> ids = stackalloc byte[KeccakFour.Ways * DltHash.RowIdChars];
        Span<long> indexes = stackalloc long[KeccakFour.Ways];
        var hashesFour = DltHash.HashesFour(_nameUtf8);
        for (var row = _sealedRows; row < Rows;)
        {
            if (hashesFour && TryTakeFour(row, parents, indexes))
            {
                DltHash.ChildRowIds(parents, _nameUtf8, indexes, ids);
                for (var way = 0; way < KeccakFour.Ways; way++, row++)
                {
                    var at = way * DltHash.RowIdChars;
                    AppendKeys(row, root, parents.Slice(at, DltHash.RowIdChars), ids.Slice(at, DltHash.RowIdChars));
                }

                continue;
            }

            var parentId = Parent.RowIds!.Value(_parentRows[row]);
            var id = ids[..DltHash.RowIdChars];
            DltHash.ChildRowId(parentId, _nameUtf8, IndexOf(row), id);
            AppendKeys(row, root, parentId, id);
            row++;
        }

        _sealedRows = Rows;
    }

    /// <summary>
    /// Reads the parent ids and list indexes of four rows. Returns false when fewer rows are left, or when a parent has an id of the data,
    /// which may have another length.
    /// </summary>
    private bool TryTakeFour(int row, Span<byte> parents, Span<long> indexes)
    {
        if (row + KeccakFour.Ways > Rows) return false;
        for (var way = 0; way < KeccakFour.Ways; way++)
        {
            var parentId = Parent!.RowIds!.Value(_parentRows[row + way]);
            if (parentId.Length != DltHash.RowIdChars) return false;
            parentId.CopyTo(parents[(way * DltHash.RowIdChars)..]);
            indexes[way] = IndexOf(row + way);
        }

        return true;
    }

    private long IndexOf(int row) => ListIndexes!.Values[ListIndexes.ValuesBefore(row)];

    private void AppendKeys(int row, TableBuffer root, ReadOnlySpan<byte> parentId, ReadOnlySpan<byte> id)
    {
        RootIds?.Append(row, root.RowIds!.Value(_rootRows[row]));
        ParentIds!.Append(row, parentId);
        RowIds!.Append(row, id);
    }

    /// <summary>Discards the rows from <paramref name="row"/> on.</summary>
    public void Truncate(int row)
    {
        if (row >= Rows) return;
        foreach (var column in _columns.Values) column.Buffer.Truncate(row);
        Rows = row;
        _sealedRows = Math.Min(_sealedRows, row);
    }

    /// <summary>Frees the memory. The buffer must not be used afterwards.</summary>
    public void Release()
    {
        foreach (var column in _columns.Values) column.Buffer.Release();
    }

    public void Clear()
    {
        foreach (var column in _columns.Values) column.Buffer.Clear();
        Rows = 0;
        _sealedRows = 0;
    }
}

/// <summary>Names of the key columns under the schema's naming convention, and the load id of the package.</summary>
internal sealed record NormalizeKeys(
    string LoadIdColumn, string RowIdColumn, string ParentIdColumn, string ListIndexColumn, string RootIdColumn, byte[] LoadId)
{
    public static NormalizeKeys Of(Schema schema, string loadId) => new(
        schema.Naming.NormalizeIdentifier(SystemTables.LoadId),
        schema.Naming.NormalizeIdentifier(SystemTables.RowId),
        schema.Naming.NormalizeIdentifier(SystemTables.ParentId),
        schema.Naming.NormalizeIdentifier(SystemTables.ListIndex),
        schema.Naming.NormalizeIdentifier(SystemTables.RootId),
        Encoding.UTF8.GetBytes(loadId));
}

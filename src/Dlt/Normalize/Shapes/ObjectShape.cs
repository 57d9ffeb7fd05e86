using System.Runtime.CompilerServices;
using Dlt.Parquet;
using Dlt.Normalize.Rows;

namespace Dlt.Normalize.Shapes;

/// <summary>Shape of the objects at one place of the data: the fields seen there and the columns of their values.</summary>
/// <param name="table">Buffer of the table that the object's row belongs to.</param>
/// <param name="path">Identifiers of the enclosing objects, within the table.</param>
/// <param name="level">Number of nesting levels that are left.</param>
internal sealed class ObjectShape(TableBuffer table, string[] path, int level)
{
    private const int HashAbove = 8;

    private FieldShape[] _fields = new FieldShape[4];
    private int[]? _slots;
    private int _count;

    public TableBuffer Table { get; } = table;

    public string[] Path { get; } = path;

    public int Level { get; } = level;

    /// <summary>First field of the last object, which is the first guess for the next one.</summary>
    public FieldShape? First { get; set; }

    /// <summary>Number of the object being read, to detect duplicate keys.</summary>
    public long Current { get; set; }

    public FieldShape? Find(ReadOnlySpan<byte> key)
    {
        if (_slots is null)
        {
            for (var i = 0; i < _count; i++)
                if (_fields[i].Key.AsSpan().SequenceEqual(key)) return _fields[i];
            return null;
        }

        var mask = _slots.Length - 1;
        for (var slot = (int)Hash(key) & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
            if (_fields[_slots[slot] - 1].Key.AsSpan().SequenceEqual(key)) return _fields[_slots[slot] - 1];
        return null;
    }

    public FieldShape GetOrAdd(ReadOnlySpan<byte> key)
    {
        if (Find(key) is { } known) return known;
        var field = new FieldShape(key.ToArray());
        if (_count == _fields.Length) Array.Resize(ref _fields, _count * 2);
        _fields[_count++] = field;
        if (_slots is null ? _count > HashAbove : _count * 2 > _slots.Length) Rehash();
        else if (_slots is not null) Insert(_count);
        return field;
    }

    private void Rehash()
    {
        _slots = new int[Math.Max(32, _fields.Length * 4)];
        for (var i = 1; i <= _count; i++) Insert(i);
    }

    private void Insert(int number)
    {
        var mask = _slots!.Length - 1;
        var slot = (int)Hash(_fields[number - 1].Key) & mask;
        while (_slots[slot] != 0) slot = (slot + 1) & mask;
        _slots[slot] = number;
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        uint hash = 2166136261;
        foreach (var b in key) hash = (hash ^ b) * 16777619;
        return hash ^ (hash >> 15);
    }
}

/// <summary>Target of the scalar values of a field.</summary>
internal enum FieldTarget : byte
{
    /// <summary>The field has no column yet: only nulls were seen.</summary>
    None,
    /// <summary>The column holds 64-bit integers.</summary>
    Long,
    /// <summary>The column holds doubles.</summary>
    Double,
    /// <summary>The column holds booleans.</summary>
    Bool,
    /// <summary>The column holds timestamps in microseconds.</summary>
    Timestamp,
    /// <summary>The column holds texts.</summary>
    Text,
    /// <summary>The values need the exact path.</summary>
    RowPath,
}

/// <summary>A field of an <see cref="ObjectShape"/> and the column of its values.</summary>
internal sealed unsafe class FieldShape
{
    private const int WordBytes = sizeof(ulong);

    private readonly byte[] _token;   // the key with its quotes
    private readonly ulong _firstMask;
    private readonly ulong _first;
    private readonly ulong _last;

    public FieldShape(byte[] key)
    {
        Key = key;
        _token = [(byte)'"', .. key, (byte)'"'];
        Span<byte> head = stackalloc byte[WordBytes];
        head.Clear();
        _token.AsSpan(0, Math.Min(WordBytes, _token.Length)).CopyTo(head);
        _first = BitConverter.ToUInt64(head);
        _firstMask = _token.Length >= WordBytes ? ulong.MaxValue : (1UL << (_token.Length * 8)) - 1;
        if (_token.Length > WordBytes) _last = BitConverter.ToUInt64(_token, _token.Length - WordBytes);
    }

    /// <summary>The key as in the text, without quotes. Keys with escapes have no shape.</summary>
    public byte[] Key { get; }

    /// <summary>Length of the key with its quotes, in bytes.</summary>
    public int TokenLength => _token.Length;

    /// <summary>The field that followed this one in the last object.</summary>
    public FieldShape? Next { get; set; }

    /// <summary>Number of the last object that had this field.</summary>
    public long SeenIn { get; set; }

    /// <summary>True after the exact path has recorded a null of this field.</summary>
    public bool HasSeenNull { get; set; }

    public TableColumn? Column { get; private set; }

    public FieldTarget Target { get; private set; }

    public FixedBuffer<long>? Longs { get; private set; }

    public FixedBuffer<double>? Doubles { get; private set; }

    public FixedBuffer<bool>? Bools { get; private set; }

    public BytesBuffer? Texts { get; private set; }

    /// <summary>Shape of the flattened objects of this field; null until one was seen.</summary>
    public ObjectShape? Object { get; set; }

    /// <summary>True when lists of this field become a table, so an empty list adds nothing.</summary>
    public bool AllowsEmptyList { get; set; }

    /// <summary>Shape of the lists of this field that became a table; null until one was seen.</summary>
    public ListShape? List { get; set; }

    /// <summary>True when lists of another key go to the same table. Then only empty lists take the fast path.</summary>
    public bool NeedsExactLists { get; private set; }

    /// <summary>
    /// Returns true when the text begins with the key and its quotes. For most keys it takes two loads and compares, which is faster than a
    /// call.
    /// </summary>
    /// <param name="text">At least eight bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Matches(byte* text)
    {
        if ((Unsafe.ReadUnaligned<ulong>(text) & _firstMask) != _first) return false;
        var length = _token.Length;
        if (length <= WordBytes) return true;
        if (Unsafe.ReadUnaligned<ulong>(text + length - WordBytes) != _last) return false;
        return length <= 2 * WordBytes || new ReadOnlySpan<byte>(text, length).SequenceEqual(_token);
    }

    public void SetColumn(TableColumn column)
    {
        if (Column is not null) return;
        Column = column;
        Longs = column.Buffer as FixedBuffer<long>;
        Doubles = column.Buffer as FixedBuffer<double>;
        Bools = column.Buffer as FixedBuffer<bool>;
        Texts = column.Buffer as BytesBuffer;
        Target = column.Type.DataType switch
        {
            DataType.Bigint when column.Type.IntegerBits == 64 => FieldTarget.Long,
            DataType.Double => FieldTarget.Double,
            DataType.Bool => FieldTarget.Bool,
            DataType.Timestamp => FieldTarget.Timestamp,
            DataType.Text => FieldTarget.Text,
            _ => FieldTarget.RowPath,
        };
    }

    public void RequireExactLists()
    {
        NeedsExactLists = true;
        List = null;
    }

    /// <summary>Makes values of this field always take the exact path, as for key columns and colliding names.</summary>
    public void RequireRowPath(TableColumn? column)
    {
        Column ??= column;
        Target = FieldTarget.RowPath;
    }
}

/// <summary>Shape of the lists at one place: the child table and its elements.</summary>
internal sealed class ListShape(TableBuffer table, int level)
{
    public TableBuffer Table { get; } = table;

    /// <summary>Number of nesting levels that are left for the elements.</summary>
    public int Level { get; } = level;

    public ObjectShape Element { get; } = new(table, [], level);

    /// <summary>The column <c>value</c> of scalar elements; null until one was seen.</summary>
    public FieldShape? Value { get; set; }

    /// <summary>Shape of lists that are elements of this list; null until one was seen.</summary>
    public ListShape? Nested { get; set; }
}

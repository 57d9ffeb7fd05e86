using System.Runtime.CompilerServices;
using Dlt.Parquet;
using Dlt.Normalize.Rows;
using Dlt.Types;

namespace Dlt.Normalize.Shapes;

/// <summary>What is known of the objects at one place of the data: the fields seen there and where their values go.</summary>
/// <param name="table">The table whose row such an object belongs to.</param>
/// <param name="path">Identifiers above, within the table.</param>
/// <param name="level">Levels of nesting that are left.</param>
internal sealed class ObjectShape(TableBuffer table, string[] path, int level)
{
    private const int HashAbove = 8;

    private FieldShape[] _fields = new FieldShape[4];
    private int[]? _slots;
    private int _count;

    public TableBuffer Table { get; } = table;

    public string[] Path { get; } = path;

    public int Level { get; } = level;

    /// <summary>The field that began the last object: the first guess for the next one.</summary>
    public FieldShape? First { get; set; }

    /// <summary>Number of the object being read, to notice a key that comes twice.</summary>
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

/// <summary>Where the scalar values of a field go.</summary>
internal enum FieldTarget : byte
{
    /// <summary>No column yet: only nulls were seen.</summary>
    None,
    Long,
    Double,
    Bool,
    Timestamp,
    Text,
    /// <summary>A column whose values need the exact path.</summary>
    RowPath,
}

/// <summary>One field of an <see cref="ObjectShape"/>.</summary>
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

    /// <summary>The key as it stands in the text, without quotes; keys with escapes have no shape.</summary>
    public byte[] Key { get; }

    /// <summary>Bytes of the key with its quotes.</summary>
    public int TokenLength => _token.Length;

    /// <summary>The field that followed last time.</summary>
    public FieldShape? Next { get; set; }

    /// <summary>Number of the last object that had this field.</summary>
    public long SeenIn { get; set; }

    /// <summary>True once the exact path has taken note of a null here.</summary>
    public bool HasSeenNull { get; set; }

    public TableColumn? Column { get; private set; }

    public FieldTarget Target { get; private set; }

    public FixedBuffer<long>? Longs { get; private set; }

    public FixedBuffer<double>? Doubles { get; private set; }

    public FixedBuffer<bool>? Bools { get; private set; }

    public BytesBuffer? Texts { get; private set; }

    /// <summary>Set once an object was seen here that is flattened.</summary>
    public ObjectShape? Object { get; set; }

    /// <summary>True once lists here are known to become a table, so that an empty one leaves no trace.</summary>
    public bool AllowsEmptyList { get; set; }

    /// <summary>Set once a list was seen here that became a table.</summary>
    public ListShape? List { get; set; }

    /// <summary>True once another key was seen whose lists are the same table: only empty ones take the fast path.</summary>
    public bool NeedsExactLists { get; private set; }

    /// <summary>
    /// True when the key stands here, with its quotes: two loads and compares for most keys, where a call would cost more.
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

    /// <summary>Values of this field always take the exact path: key columns, names that collide.</summary>
    public void RequireRowPath(TableColumn? column)
    {
        Column ??= column;
        Target = FieldTarget.RowPath;
    }
}

/// <summary>What is known of the lists at one place: the child table and its elements.</summary>
internal sealed class ListShape(TableBuffer table, int level)
{
    public TableBuffer Table { get; } = table;

    /// <summary>Levels left for the elements.</summary>
    public int Level { get; } = level;

    public ObjectShape Element { get; } = new(table, [], level);

    /// <summary>Column <c>value</c> of scalar elements.</summary>
    public FieldShape? Value { get; set; }

    /// <summary>Lists in this list.</summary>
    public ListShape? Nested { get; set; }
}

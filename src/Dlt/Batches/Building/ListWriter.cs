using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches.Building;

/// <summary>Writes a property that is a list.</summary>
internal sealed class ListWriter<TOwner, TElement>(string name, Func<TOwner, IEnumerable<TElement>?> get, FieldWriter<TElement> elements)
    : FieldWriter<TOwner>
{
    private readonly Validity _validity = new();
    private readonly List<int> _ends = [];
    private int _count;

    public override long Size => elements.Size + _ends.Count * 4L;

    public override bool TryAppend(TOwner owner)
    {
        if (get(owner) is not { } list)
        {
            AppendNull();
            return true;
        }

        var count = _count;
        foreach (var element in list)
        {
            if (!elements.TryAppend(element)) return false;
            count++;
        }

        _ends.Add(_count = count);
        _validity.Append(true);
        return true;
    }

    public override void AppendNull()
    {
        _ends.Add(_count);
        _validity.Append(false);
    }

    public override void Truncate(int rows)
    {
        if (_ends.Count > rows) _ends.RemoveRange(rows, _ends.Count - rows);
        _count = rows == 0 ? 0 : _ends[Math.Min(rows, _ends.Count) - 1];
        elements.Truncate(_count);
        _validity.Truncate(rows);
    }

    public override (Field Field, IArrowArray Array) Build()
    {
        var (field, values) = elements.Build();
        var type = new ListType(field);
        int[] offsets = [0, .. _ends];
        var (rows, nulls, bits) = _validity.Build();
        _ends.Clear();
        _count = 0;
        var offsetBuffer = new ArrowBuffer(MemoryMarshal.AsBytes<int>(offsets).ToArray());
        return (new Field(name, type, nullable: true), new ListArray(type, rows, offsetBuffer, values, bits, nulls, 0));
    }
}

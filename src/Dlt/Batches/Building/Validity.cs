using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches.Building;

/// <summary>Records which rows have a value, as an Arrow validity bitmap.</summary>
internal sealed class Validity
{
    private readonly List<bool> _isValid = [];
    private int _nulls;

    public void Append(bool isValid)
    {
        _isValid.Add(isValid);
        if (!isValid) _nulls++;
    }

    public void Truncate(int rows)
    {
        for (var row = _isValid.Count - 1; row >= rows; row--)
        {
            if (!_isValid[row]) _nulls--;
            _isValid.RemoveAt(row);
        }
    }

    /// <summary>Returns a struct array of children that have as many rows as this object, and starts over.</summary>
    public (Field Field, IArrowArray Array) BuildStruct(string name, IReadOnlyList<(Field Field, IArrowArray Array)> children)
    {
        var type = new StructType([.. children.Select(c => c.Field)]);
        var (rows, nulls, bits) = Build();
        return (new Field(name, type, nullable: true), new StructArray(type, rows, children.Select(c => c.Array), bits, nulls));
    }

    /// <summary>Returns the bitmap, which is empty when there are no nulls, and starts over.</summary>
    public (int Rows, int Nulls, ArrowBuffer Bits) Build()
    {
        var (rows, nulls) = (_isValid.Count, _nulls);
        var bits = new byte[nulls == 0 ? 0 : (rows + 7) / 8];
        for (var row = 0; nulls > 0 && row < rows; row++)
            if (_isValid[row]) bits[row >> 3] |= (byte)(1 << (row & 7));
        _isValid.Clear();
        _nulls = 0;
        return (rows, nulls, new(bits));
    }
}

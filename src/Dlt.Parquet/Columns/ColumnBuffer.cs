using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dlt.Columns;

/// <summary>Values of one column for the rows that are not written yet: dense values, and a validity bitmap once a null was seen.</summary>
/// <remarks>The bitmap is least-significant-bit first, which is also the bit-packed run of Parquet definition levels.</remarks>
internal abstract class ColumnBuffer(string name)
{
    private ulong[]? _validity;

    public string Name { get; } = name;

    /// <summary>Rows that this column knows of; a column is behind its table while its last rows are null.</summary>
    public int Rows { get; protected set; }

    /// <summary>Values that are not null.</summary>
    public int ValueCount { get; protected set; }

    public int NullCount => Rows - ValueCount;

    /// <summary>Bytes of memory that the values take, roughly.</summary>
    public abstract long ByteSize { get; }

    /// <summary>One bit a row, or null when every row has a value.</summary>
    public ReadOnlySpan<ulong> Validity => _validity;

    public bool HasValidity => _validity is not null;

    /// <summary>Makes all rows up to <paramref name="row"/> known; the ones that had no value are null.</summary>
    public void FillTo(int row)
    {
        if (Rows >= row) return;
        EnsureValidity(row);
        Rows = row;   // bits above the old count are zero already
    }

    /// <summary>Forgets the rows from <paramref name="row"/> on.</summary>
    public void Truncate(int row)
    {
        for (var r = Rows - 1; r >= row; r--)
        {
            if (!IsValid(r)) continue;
            RemoveLast();
            ValueCount--;
            if (_validity is not null) _validity[r >> 6] &= ~(1UL << (r & 63));
        }

        Rows = Math.Min(Rows, row);
    }

    public bool IsValid(int row) => row < Rows && (_validity is null || (_validity[row >> 6] & (1UL << (row & 63))) != 0);

    /// <summary>Values in the rows before <paramref name="row"/>.</summary>
    public int ValuesBefore(int row)
    {
        if (_validity is null) return Math.Min(row, Rows);
        var count = 0;
        for (var word = 0; word < row >> 6; word++) count += BitOperations.PopCount(_validity[word]);
        return (row & 63) == 0 ? count : count + BitOperations.PopCount(_validity[row >> 6] & ((1UL << (row & 63)) - 1));
    }

    public virtual void Clear()
    {
        Rows = 0;
        ValueCount = 0;
        _validity = null;
    }

    /// <summary>An empty buffer for the same values, with room for as many.</summary>
    public abstract ColumnBuffer NewEmpty();

    /// <summary>Empties the buffer and gives its memory back.</summary>
    public virtual void Release() => Clear();

    /// <summary>
    /// Moves all rows of a buffer of the same type behind the first <paramref name="row"/> rows of this one; the other is empty afterwards.
    /// </summary>
    public void Take(ColumnBuffer other, int row)
    {
        FillTo(row);
        AppendValidity(other);
        AppendValues(other);
        Rows = row + other.Rows;
        ValueCount += other.ValueCount;
        other.Clear();
    }

    /// <summary>A copy of some rows.</summary>
    public ColumnBuffer Slice(int from, int count)
    {
        var slice = NewEmpty();
        var index = ValuesBefore(from);
        for (var row = from; row < from + count && row < Rows; row++)
            if (IsValid(row)) slice.AppendFrom(row - from, this, index++);
        return slice;
    }

    /// <summary>Claims the row for a value that the caller has stored; the row must be new (see <see cref="Rows"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Claim(int row)
    {
        if (row > Rows || _validity is not null) ClaimWithNulls(row);
        ValueCount++;
        Rows = row + 1;
    }

    protected abstract void RemoveLast();

    /// <summary>Appends a value of a buffer of the same type.</summary>
    /// <param name="row">The row here.</param>
    /// <param name="other">The buffer.</param>
    /// <param name="index">Number of the value there.</param>
    protected abstract void AppendFrom(int row, ColumnBuffer other, int index);

    /// <summary>Copies the values of a buffer of the same type behind the own ones; counts stay.</summary>
    protected abstract void AppendValues(ColumnBuffer other);

    private void AppendValidity(ColumnBuffer other)
    {
        if (_validity is null && other._validity is null) return;
        EnsureValidity(Rows + other.Rows);
        var shift = Rows & 63;
        for (int from = 0, to = Rows >> 6; from << 6 < other.Rows; from++, to++)
        {
            var left = other.Rows - (from << 6);
            var bits = other._validity?[from] ?? (left >= 64 ? ulong.MaxValue : (1UL << left) - 1);
            _validity![to] |= bits << shift;
            if (shift != 0 && bits >> (64 - shift) is var high and not 0) _validity[to + 1] |= high;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ClaimWithNulls(int row)
    {
        if (_validity is null || (row >> 6) + 1 >= _validity.Length) EnsureValidity(row + 1);
        _validity![row >> 6] |= 1UL << (row & 63);
    }

    private void EnsureValidity(int rows)
    {
        var words = (rows + 63) >> 6;
        if (_validity is null)
        {
            _validity = new ulong[Math.Max(words + 1, 64)];
            var full = Rows >> 6;
            Array.Fill(_validity, ulong.MaxValue, 0, full);
            if ((Rows & 63) != 0) _validity[full] = (1UL << (Rows & 63)) - 1;
        }
        else if (words >= _validity.Length)
        {
            Array.Resize(ref _validity, Math.Max(words + 1, _validity.Length * 2));
        }
    }
}

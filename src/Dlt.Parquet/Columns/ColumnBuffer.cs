using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dlt.Parquet;

/// <summary>
/// Values of one column for a row group that is not yet encoded. Rows are added in order; skipped rows are null. Uses memory outside the
/// garbage-collected heap: call <see cref="Release"/> after the row group is written.
/// </summary>
/// <remarks>
/// Values are stored next to each other, without space for nulls. A validity bitmap exists from the first null on. Its least-significant
/// bit is first, as in the bit-packed runs of Parquet definition levels. For one thread at a time.
/// </remarks>
public abstract partial class ColumnBuffer
{
    private ulong[]? _validity;

    private protected ColumnBuffer(string name) => Name = name;

    /// <summary>Name of the column, for messages.</summary>
    public string Name { get; }

    /// <summary>Number of rows in the column, including nulls. Less than the rows of the table while its last rows are null.</summary>
    public int Rows { get; private protected set; }

    /// <summary>Number of values that are not null.</summary>
    public int ValueCount { get; private protected set; }

    /// <summary>Number of rows that are null.</summary>
    public int NullCount => Rows - ValueCount;

    /// <summary>Approximate size of the values in memory, in bytes.</summary>
    public abstract long ByteSize { get; }

    /// <summary>Validity bitmap with one bit per row; empty when every row has a value.</summary>
    internal ReadOnlySpan<ulong> Validity => _validity;

    internal bool HasValidity => _validity is not null;

    /// <summary>Extends the column to <paramref name="row"/> rows; the new rows are null.</summary>
    public void FillTo(int row)
    {
        if (Rows >= row) return;
        EnsureValidity(row);
        Rows = row;   // bits beyond the previous count are already zero
    }

    /// <summary>Removes the rows from index <paramref name="row"/> on.</summary>
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

    /// <summary>Returns true when the row has a value; false when it is null or beyond the end.</summary>
    public bool IsValid(int row) => row < Rows && (_validity is null || (_validity[row >> 6] & (1UL << (row & 63))) != 0);

    /// <summary>Returns the number of values in the rows before <paramref name="row"/>.</summary>
    public int ValuesBefore(int row)
    {
        if (_validity is null) return Math.Min(row, Rows);
        var count = 0;
        for (var word = 0; word < row >> 6; word++) count += BitOperations.PopCount(_validity[word]);
        return (row & 63) == 0 ? count : count + BitOperations.PopCount(_validity[row >> 6] & ((1UL << (row & 63)) - 1));
    }

    /// <summary>Removes all rows and keeps the memory for later rows.</summary>
    public virtual void Clear()
    {
        Rows = 0;
        ValueCount = 0;
        _validity = null;
    }

    /// <summary>Creates an empty buffer of the same type with the capacity for as many values as this one has.</summary>
    public abstract ColumnBuffer NewEmpty();

    /// <summary>Removes all rows and frees the memory. The buffer can be used again.</summary>
    public virtual void Release() => Clear();

    /// <summary>
    /// Moves all rows of a buffer of the same type behind the first <paramref name="row"/> rows of this one. The other buffer is then
    /// empty.
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

    /// <summary>Copies <paramref name="count"/> rows, starting at row <paramref name="from"/>, to a new buffer.</summary>
    public ColumnBuffer Slice(int from, int count)
    {
        var slice = NewEmpty();
        var index = ValuesBefore(from);
        for (var row = from; row < from + count && row < Rows; row++)
            if (IsValid(row)) slice.AppendFrom(row - from, this, index++);
        return slice;
    }

    /// <summary>Marks the row of a value that the caller has stored. The row must be new (see <see cref="Rows"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Claim(int row)
    {
        if (row > Rows || _validity is not null) ClaimWithNulls(row);
        ValueCount++;
        Rows = row + 1;
    }

    /// <summary>Removes the last value; the caller updates the counts.</summary>
    private protected abstract void RemoveLast();

    /// <summary>Appends a value of a buffer of the same type.</summary>
    /// <param name="row">Row in this buffer.</param>
    /// <param name="other">Buffer that contains the value.</param>
    /// <param name="index">Index of the value among the other buffer's values.</param>
    private protected abstract void AppendFrom(int row, ColumnBuffer other, int index);

    /// <summary>Copies the values of a buffer of the same type to the end of this one; the caller updates the counts.</summary>
    private protected abstract void AppendValues(ColumnBuffer other);

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

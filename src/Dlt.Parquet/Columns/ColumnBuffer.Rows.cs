namespace Dlt.Parquet;

/// <content>Operations on many rows at once: adding the rows of a page, and removing or replacing rows.</content>
public abstract partial class ColumnBuffer
{
    /// <summary>Keeps some of the rows from an index on and removes the others. Rows before the index stay.</summary>
    /// <param name="from">Index of the first row to decide on.</param>
    /// <param name="kept">One bit for each row from the index on, with the least-significant bit first: 1 to keep the row.</param>
    /// <exception cref="ArgumentException">There are more rows than bits.</exception>
    public void Retain(int from, ReadOnlySpan<ulong> kept)
    {
        var rows = Rows - from;
        if (rows > kept.Length * 64L) throw new ArgumentException($"{rows} rows have only {kept.Length * 64L} bits.", nameof(kept));
        var value = ValuesBefore(from);
        var (toRow, toValue, at) = (from, value, 0);
        while (at < rows)
        {
            var start = Bits.NextOne(kept, at, rows);
            value += ValuesIn(from + at, start - at);
            var end = Bits.NextZero(kept, start, rows);
            var values = ValuesIn(from + start, end - start);
            MoveValues(value, toValue, values);
            if (_validity is not null && toRow != from + start) Bits.Copy(_validity, from + start, _validity, toRow, end - start);
            toRow += end - start;
            toValue += values;
            value += values;
            at = end;
        }

        if (_validity is not null) Bits.Clear(_validity, toRow, Rows - toRow);
        Rows = toRow;
        ValueCount = toValue;
        AfterRetain();
    }

    /// <summary>Copies the column with another value in some rows.</summary>
    /// <param name="rows">One bit for each row, with the least-significant bit first: 1 to replace the value.</param>
    /// <param name="value">Buffer of the same type; its first row has the value, null when it has no row.</param>
    /// <exception cref="ArgumentException">There are more rows than bits, or the buffer has another type.</exception>
    public ColumnBuffer Replace(ReadOnlySpan<ulong> rows, ColumnBuffer value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Rows > rows.Length * 64L) throw new ArgumentException($"{Rows} rows have only {rows.Length * 64L} bits.", nameof(rows));
        if (value.GetType() != GetType()) throw new ArgumentException("The value has another type than the column.", nameof(value));
        var copy = NewEmpty();
        var index = 0;
        for (var row = 0; row < Rows; row++)
        {
            var isReplaced = (rows[row >> 6] & (1UL << (row & 63))) != 0;
            if (isReplaced && value.IsValid(0)) copy.AppendFrom(row, value, 0);
            if (!IsValid(row)) continue;
            if (!isReplaced) copy.AppendFrom(row, this, index);
            index++;
        }

        copy.FillTo(Rows);
        return copy;
    }

    /// <summary>Adds rows whose values were stored behind the last value.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="values">Number of rows with a value.</param>
    /// <param name="validity">One bit for each row from <paramref name="from"/> on. Not read when every row has a value.</param>
    /// <param name="from">Index of the bit of the first row.</param>
    internal void AppendRows(int rows, int values, ReadOnlySpan<ulong> validity, int from)
    {
        if (_validity is not null || values < rows)
        {
            EnsureValidity(Rows + rows);
            if (values == rows) Bits.Fill(_validity, Rows, rows);
            else Bits.Copy(validity, from, _validity, Rows, rows);
        }

        Rows += rows;
        ValueCount += values;
    }

    /// <summary>
    /// Sets the capacity that the first values allocate, so the buffer does not grow step by step. Allocates nothing yet.
    /// </summary>
    /// <param name="values">Number of values.</param>
    /// <param name="bytes">Bytes of the values, with four bytes for the length of each.</param>
    internal virtual void Expect(int values, long bytes)
    {
    }

    /// <summary>Moves values to a smaller or equal index.</summary>
    private protected abstract void MoveValues(int from, int to, int count);

    /// <summary>Removes what only the removed rows used. Called after the counts were changed.</summary>
    private protected virtual void AfterRetain()
    {
    }

    private int ValuesIn(int from, int rows) => _validity is null ? rows : Bits.Count(_validity, from, rows);
}

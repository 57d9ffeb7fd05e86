namespace Dlt.Parquet.Reading;

/// <summary>Adds the values of pages to a buffer. The caller adds their rows.</summary>
internal abstract class ValueDecoder
{
    /// <summary>Reads the dictionary of the column chunk.</summary>
    /// <param name="bytes">Content of the dictionary page.</param>
    /// <param name="count">Number of entries.</param>
    /// <exception cref="FormatException">The page is damaged.</exception>
    public abstract void ReadDictionary(ReadOnlySpan<byte> bytes, int count);

    /// <summary>Adds values in the PLAIN encoding.</summary>
    /// <returns>Number of bytes of the values.</returns>
    /// <exception cref="FormatException">The page ends within a value.</exception>
    public abstract int AddPlain(ReadOnlySpan<byte> bytes, int count, ColumnBuffer target);

    /// <summary>Number of bytes of values in the PLAIN encoding.</summary>
    /// <exception cref="FormatException">The page ends within a value.</exception>
    public abstract int SkipPlain(ReadOnlySpan<byte> bytes, int count);

    /// <summary>Adds values of the dictionary.</summary>
    /// <exception cref="FormatException">A code has no entry.</exception>
    public abstract void AddCodes(ReadOnlySpan<int> codes, ColumnBuffer target);

    /// <summary>Begins to add to a buffer that others may have changed.</summary>
    public virtual void Start()
    {
    }

    /// <summary>Checks that every code has an entry.</summary>
    protected static void Check(ReadOnlySpan<int> codes, int entries)
    {
        var greatest = 0U;
        foreach (var code in codes) greatest = Math.Max(greatest, (uint)code);
        if (codes.Length > 0 && greatest >= entries) throw new FormatException($"a code is {greatest}, but there are {entries} entries");
    }
}

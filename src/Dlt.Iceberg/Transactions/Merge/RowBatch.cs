namespace Dlt.Iceberg;

/// <summary>Rows of a data file with the columns that a merge reads.</summary>
internal abstract class RowBatch
{
    /// <summary>Number of rows.</summary>
    public abstract int Rows { get; }

    /// <summary>Position of a row in its file; the first row of the file has position 0.</summary>
    public abstract long PositionOf(int row);

    /// <summary>Returns a value in the .NET form of <see cref="PrimitiveKind"/>; null for null.</summary>
    public abstract object? ValueOf(NestedField field, int row);

    /// <summary>Hashes the keys of all rows. A key with a null has no hash: it equals no key, not even itself.</summary>
    /// <param name="columns">Columns of the key.</param>
    /// <param name="hashes">Receives the hashes, one for each row; 0 for a key with a null.</param>
    /// <param name="hasNull">Receives true for the keys with a null.</param>
    public abstract void Hash(KeyColumns columns, Span<UInt128> hashes, Span<bool> hasNull);

    /// <summary>
    /// Hashes the values of all rows in some columns. Unlike in keys, a null equals a null; without nulls the hashes are those of <see
    /// cref="Hash"/>.
    /// </summary>
    /// <param name="columns">The columns, which may be structs, lists and maps.</param>
    /// <param name="hashes">Receives the hashes, one for each row.</param>
    public abstract void HashValues(KeyColumns columns, Span<UInt128> hashes);
}

using Apache.Arrow;

namespace Dlt.Batches.Building;

/// <summary>Writes one property of objects into a column.</summary>
internal abstract class FieldWriter<TOwner>
{
    /// <summary>Appends the property of an object.</summary>
    /// <returns>False when the value does not fit the column. The caller must then truncate the row.</returns>
    public abstract bool TryAppend(TOwner owner);

    /// <summary>Appends a row without a value.</summary>
    public abstract void AppendNull();

    /// <summary>Approximate size of the values so far, in bytes.</summary>
    public abstract long Size { get; }

    /// <summary>Removes all rows from index <paramref name="rows"/> on.</summary>
    public abstract void Truncate(int rows);

    /// <summary>Returns the values as an Arrow array and empties the column.</summary>
    public abstract (Field Field, IArrowArray Array) Build();
}

/// <summary>Writes a scalar property.</summary>
internal sealed class ScalarWriter<TOwner, TValue>(string name, Func<TOwner, TValue> get, Func<ValueColumn, TValue, bool> write)
    : FieldWriter<TOwner>
{
    private readonly ValueColumn _column = new(name);

    public override long Size => _column.Size;

    public override bool TryAppend(TOwner owner) => write(_column, get(owner));

    public override void AppendNull() => _column.AppendNull();

    public override void Truncate(int rows) => _column.Truncate(rows);

    public override (Field Field, IArrowArray Array) Build() => _column.Build();
}

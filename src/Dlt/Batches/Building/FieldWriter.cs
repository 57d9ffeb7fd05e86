using Apache.Arrow;

namespace Dlt.Batches.Building;

/// <summary>Puts one property of the objects that come by into a column.</summary>
internal abstract class FieldWriter<TOwner>
{
    /// <returns>False when the value does not suit the column; the row is then to be truncated.</returns>
    public abstract bool TryAppend(TOwner owner);

    public abstract void AppendNull();

    /// <summary>Bytes of the values so far, roughly.</summary>
    public abstract long Size { get; }

    /// <summary>Forgets the rows from <paramref name="rows"/> on.</summary>
    public abstract void Truncate(int rows);

    /// <summary>The values as an Arrow array; the column is empty afterwards.</summary>
    public abstract (Field Field, IArrowArray Array) Build();
}

/// <summary>A scalar property.</summary>
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

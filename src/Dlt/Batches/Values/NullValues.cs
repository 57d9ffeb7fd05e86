using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>Reads an array of the null type, in which all rows are null.</summary>
internal sealed class NullValues(IArrowArray array) : ArrowValues(array, null)
{
    public override bool HasNoNulls => Length == 0;

    public override bool IsNull(int row) => true;

    public override DataValue Value(int row) => throw new InvalidOperationException("A null has no value.");

    public override bool Fits(ColumnType type, int from) => true;

    public override void Copy(TableColumnTarget target, int to, int from)
    {
    }
}

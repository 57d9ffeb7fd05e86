using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Chooses one of several staged rows with the same primary key: the first in the order of the column with the hint <c>dedup_sort</c>,
/// where a null comes last; without such a column the last that came.
/// </summary>
internal sealed class DedupOrder
{
    private readonly NestedField? _field;
    private readonly bool _isDescending;
    private readonly List<object?> _best = [];

    /// <param name="table">The root table.</param>
    public DedupOrder(MergeTable table)
    {
        if (table.Declared.CompleteColumns.FirstOrDefault(c => c.Has(HintNames.DedupSort)) is not { } column) return;
        _field = table.FieldOf(column);
        _isDescending = column.Properties[HintNames.DedupSort] is { Kind: JsonKind.String } order && order.AsString() == "desc";
    }

    /// <summary>The columns to read: one or none.</summary>
    public IEnumerable<NestedField> Fields => _field is null ? [] : [_field];

    /// <summary>Notes the first row of a key. Keys come with the indexes 0, 1, 2, …</summary>
    public void Add(RowBatch batch, int row)
    {
        if (_field is not null) _best.Add(batch.ValueOf(_field, row));
    }

    /// <summary>True when a further row of a key takes the place of the one before.</summary>
    /// <param name="index">Index of the key.</param>
    /// <param name="batch">The batch of the row.</param>
    /// <param name="row">The row.</param>
    public bool Wins(int index, RowBatch batch, int row)
    {
        if (_field is null) return true;
        var (value, best) = (batch.ValueOf(_field, row), _best[index]);
        var isBetter = value is not null && (best is null || (_isDescending
            ? ValueOrder.Compare(value, best) >= 0 : ValueOrder.Compare(value, best) <= 0));
        if (isBetter || (value is null && best is null)) _best[index] = value;
        return isBetter || (value is null && best is null);
    }
}

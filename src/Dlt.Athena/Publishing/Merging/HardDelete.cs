using System.Collections;
using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Marks staged rows as deletions: by the column with the hint <c>hard_delete</c>, which says so when it is true (a bool) or has a value
/// (any other type).
/// </summary>
/// <param name="table">The root table.</param>
internal sealed class HardDelete(MergeTable table)
{
    private readonly NestedField? _field = table.Columns(HintNames.HardDelete, 1)?.Fields[0];
    private BitArray? _deleted;

    /// <summary>The columns to read: one or none.</summary>
    public IEnumerable<NestedField> Fields => _field is null ? [] : [_field];

    /// <summary>Looks at the rows of a batch.</summary>
    public void Read(int first, RowBatch batch)
    {
        if (_field is null) return;
        _deleted ??= new(table.Rows.Count);
        for (var i = 0; i < batch.Rows; i++) _deleted[first + i] = batch.ValueOf(_field, i) is not (null or false);
    }

    /// <summary>True when the row is a deletion.</summary>
    public bool IsDeleted(int row) => _deleted is not null && _deleted[row];
}

using System.Data.Common;
using Dlt.Batches;
using Dlt.Batches.Building;
using Dlt.Batches.Decimals;

namespace Dlt.Sources.Sql;

/// <summary>The rows of any database by the values that its reader gives.</summary>
internal sealed class ReaderRowBatch(DbDataReader reader, IReadOnlyList<string> names) : IRowBatch
{
    private readonly ValueRows _rows = new(names);
    private readonly object?[] _values = new object?[names.Count];
    private readonly IReadOnlyList<DecimalDigits?> _digits = DeclaredDigits.Of(reader);

    public int Count => _rows.Rows;

    public bool IsFull => _rows.IsFull;

    public void Begin()
    {
        reader.GetValues(_values!);
        for (var i = 0; i < _values.Length; i++) _values[i] = Whole(_values[i]);
    }

    public bool TryAdd() => _rows.TryAdd(_values);

    public object? ValueOf(int column) => _values[column];

    public ItemBatch Take()
    {
        var batch = _rows.Take();
        return batch with { Rows = DecimalMetadata.WithDigits(batch.Rows, _digits), Names = BatchNames.Columns };
    }

    /// <summary>A value that is read as a stream, whole.</summary>
    private static object? Whole(object? value)
    {
        if (value is not Stream content) return value;
        using var copy = new MemoryStream();
        using (content) content.CopyTo(copy);
        return copy.ToArray();
    }
}

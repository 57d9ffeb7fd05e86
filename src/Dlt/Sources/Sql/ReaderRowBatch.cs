using System.Data.Common;
using Dlt.Batches;
using Dlt.Batches.Building;

namespace Dlt.Sources.Sql;

/// <summary>The rows of any database by the values that its reader gives.</summary>
internal sealed class ReaderRowBatch(DbDataReader reader, IReadOnlyList<string> names) : IRowBatch
{
    private readonly ValueRows _rows = new(names);
    private readonly object?[] _values = new object?[names.Count];

    public int Count => _rows.Rows;

    public bool IsFull => _rows.IsFull;

    /// <summary>The value of a column; one that is read as a stream, whole.</summary>
    public static object? ValueOf(DbDataReader reader, int column) => Whole(reader.GetValue(column));

    public bool TryAdd()
    {
        reader.GetValues(_values!);
        for (var i = 0; i < _values.Length; i++) _values[i] = Whole(_values[i]);
        return _rows.TryAdd(_values);
    }

    public ItemBatch Take() => _rows.Take();

    private static object? Whole(object? value)
    {
        if (value is not Stream content) return value;
        using var copy = new MemoryStream();
        using (content) content.CopyTo(copy);
        return copy.ToArray();
    }
}

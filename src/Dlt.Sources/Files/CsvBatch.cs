using Dlt.Batches;
using Dlt.Batches.Building;
using Sylvan.Data.Csv;

namespace Dlt.Sources.Files;

/// <summary>
/// Gathers the rows of a CSV file. A field that is not of its column's type makes the column text, as it is written, in a small batch of
/// its own.
/// </summary>
internal sealed class CsvBatch(string[] names, FieldType[] types)
{
    /// <summary>Rows of a batch in which a column is text that has another type elsewhere.</summary>
    private const int MixedRows = 256;

    private readonly BatchBuilder _batch = new(names) { Texts = BatchTexts.Fields };
    private readonly FieldType[] _now = [.. types];
    private int _misfit;
    private bool _isMixed;

    public int Count => _batch.Rows;

    public bool IsFull => _batch.IsFull || (_isMixed && _batch.Rows >= MixedRows);

    /// <returns>False when a field is not of its column's type; the row is not added. <see cref="TakeBeforeMixed"/> makes room for
    /// it.</returns>
    public bool TryAdd(string[] row)
    {
        for (var column = 0; column < _now.Length; column++)
            if (!FieldTypes.TryAppend(_batch.Columns[column], _now[column], row[column])) return Refuse(column);
        _batch.EndRow();
        return true;
    }

    /// <inheritdoc cref="TryAdd(string[])"/>
    public bool TryAdd(CsvDataReader reader)
    {
        for (var column = 0; column < _now.Length; column++)
            if (!FieldTypes.TryAppend(_batch.Columns[column], _now[column],
                column < reader.RowFieldCount ? reader.GetFieldSpan(column) : default)) return Refuse(column);
        _batch.EndRow();
        return true;
    }

    /// <summary>Hands out the rows before the one that did not fit, and lets its column be text.</summary>
    /// <returns>Null when there are none.</returns>
    public ItemBatch? TakeBeforeMixed()
    {
        var before = _batch.Rows > 0 ? Take() : null;
        _now[_misfit] = FieldType.Text;
        _isMixed = true;
        return before;
    }

    /// <summary>Hands the rows out; the columns have their own types again.</summary>
    public ItemBatch Take()
    {
        types.CopyTo(_now.AsSpan());
        _isMixed = false;
        return _batch.Take();
    }

    private bool Refuse(int column)
    {
        _misfit = column;
        _batch.Undo();
        return false;
    }
}

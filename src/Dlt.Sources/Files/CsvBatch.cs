using Dlt.Batches.Building;
using Dlt.Items;
using Sylvan.Data.Csv;

namespace Dlt.Sources.Files;

/// <summary>
/// Gathers the rows of a CSV file. If a field does not have its column's type, the column becomes text in a small separate batch, with the
/// fields as they are written.
/// </summary>
internal sealed class CsvBatch(string[] names, FieldType[] types)
{
    /// <summary>Maximum rows of a batch in which a typed column is text.</summary>
    private const int MixedRows = 256;

    private readonly BatchBuilder _batch = new(names) { Texts = BatchTexts.Fields };
    private readonly FieldType[] _now = [.. types];
    private int _misfit;
    private bool _isMixed;

    public int Count => _batch.Rows;

    public bool IsFull => _batch.IsFull || (_isMixed && _batch.Rows >= MixedRows);

    /// <summary>Adds a row.</summary>
    /// <returns>
    /// False if a field does not have its column's type; the row is not added. <see cref="TakeBeforeMixed"/> makes room for it.
    /// </returns>
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

    /// <summary>Takes the rows before the one that did not fit, and makes its column text.</summary>
    /// <returns>Null if there are no rows.</returns>
    public ItemBatch? TakeBeforeMixed()
    {
        var before = _batch.Rows > 0 ? Take() : null;
        _now[_misfit] = FieldType.Text;
        _isMixed = true;
        return before;
    }

    /// <summary>Takes all rows and resets the columns to their types.</summary>
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

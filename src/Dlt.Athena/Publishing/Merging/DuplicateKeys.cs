using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Counts staged rows whose primary key another staged row has too, for strategies that need each key once.</summary>
/// <param name="table">The root table.</param>
/// <param name="key">The primary key.</param>
internal sealed class DuplicateKeys(MergeTable table, KeyColumns key)
{
    private string? _example;
    private long _rows;

    /// <summary>Notes a row whose key came before.</summary>
    public void Add(RowBatch batch, int row)
    {
        _rows++;
        _example ??= string.Join(", ", key.Fields.Select(f => $"{f.Name} = {TextOf(batch.ValueOf(f, row))}"));
    }

    /// <summary>Refuses the rows if there was one.</summary>
    /// <exception cref="SchemaException">At least one key came twice.</exception>
    public void Check()
    {
        if (_rows == 0) return;
        throw new SchemaException(
            $"The rows for table '{table.Declared.Name}' have the same primary key more than once: {_rows} row(s) repeat a key, such as "
            + $"{_example}. This merge strategy needs each key once. No row was merged into the table and its nested tables. Make the keys "
            + "unique in the data, or use the strategy delete-insert, which keeps one row of each key.")
        { Table = table.Declared.Name };
    }

    private static string TextOf(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        byte[] bytes => Convert.ToHexString(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}

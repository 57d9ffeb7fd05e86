using System.Text;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Writes rows of a bookkeeping table as a Parquet file.</summary>
internal static class BookkeepingRow
{
    /// <summary>True when a stored row has all the values: texts, or numbers as <see cref="long"/>.</summary>
    public static bool Has(Dictionary<string, object?> row, IReadOnlyList<(string Column, object Value)> values) =>
        values.All(v => row.GetValueOrDefault(v.Column) switch
        {
            int number => v.Value is long wanted && wanted == number,
            var stored => Equals(stored, v.Value),
        });

    public static byte[] Write(
        TableSchema table, DestinationCapabilities capabilities, IReadOnlyList<IReadOnlyList<(string Column, DataValue Value)>> rows)
    {
        var columns = new List<ParquetColumn>();
        var chunks = new List<(ParquetColumn, ColumnBuffer)>();
        foreach (var column in table.CompleteColumns)
        {
            var type = FileColumnTypes.Of(column, capabilities);
            var described = new ParquetColumn(column.Name, type, !column.IsNullable);
            var buffer = type.NewBuffer(column.Name);
            for (var row = 0; row < rows.Count; row++) Append(buffer, row, rows[row].First(v => v.Column == column.Name).Value);
            columns.Add(described);
            chunks.Add((described, buffer));
        }

        var file = new MemoryStream();
        using var writer = new ParquetFileWriter(file, new ParquetWriterOptions());
        writer.WriteRowGroup(chunks, rows.Count);
        writer.Complete(columns);
        return file.ToArray();
    }

    /// <summary>Appends a value. Bookkeeping tables have texts, integers, and times in microseconds of UTC.</summary>
    private static void Append(ColumnBuffer buffer, int row, DataValue value)
    {
        if (buffer is FixedBuffer<long> longs)
            longs.Append(row, value.Type == DataType.Timestamp ? value.AsTimestamp.UtcMicros : (long)value.AsInteger);
        else ((BytesBuffer)buffer).Append(row, Encoding.UTF8.GetBytes(value.AsText));
    }

    public static DataValue Text(string value) => DataValue.Text(value);

    public static DataValue Integer(long value) => DataValue.Bigint(value);

    public static DataValue Time(DateTimeOffset value) => DataValue.Timestamp(Timestamp.From(value));

    /// <summary>File id of a row that must be written once: ten hex digits of the text's SHA-256.</summary>
    public static string FileIdOf(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..10];
}

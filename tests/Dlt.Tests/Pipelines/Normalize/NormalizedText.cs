using System.Text;
using Dlt.Normalize;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>
/// The complete output of a normaliser as text: columns that only had nulls, tables, columns with their schema, values.
/// </summary>
internal static class NormalizedText
{
    public static string Of(ItemNormalizer normalizer, Schema schema)
    {
        normalizer.Seal();
        var result = new StringBuilder();
        result.AppendJoin(' ', normalizer.TakeNullColumns()
            .Where(c => !schema.TryGetTable(c.Table, out var t) || !t.TryGetColumn(c.Column, out _)).Order());
        foreach (var table in normalizer.Tables.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            result.Append(table.Name).Append('\n');
            foreach (var column in table.Columns.Where(c => c.Schema.IsComplete).OrderBy(c => c.Schema.Name, StringComparer.Ordinal))
            {
                if (column.Buffer is ConstantBuffer) continue;
                column.Buffer.FillTo(table.Rows);
                result.Append(column.Schema.Name).Append(' ').Append(column.Schema.Properties).Append(':');
                for (var row = 0; row < table.Rows; row++)
                    result.Append(' ').Append(column.Buffer.IsValid(row) ? Value(column.Buffer, column.Buffer.ValuesBefore(row)) : "-");
                result.Append('\n');
            }
        }

        return result.ToString();
    }

    private static string Value(ColumnBuffer buffer, int index) => buffer switch
    {
        BytesBuffer bytes => Convert.ToHexString(bytes.Value(index)),
        FixedBuffer<long> values => $"{values.Values[index]}",
        FixedBuffer<int> values => $"{values.Values[index]}",
        FixedBuffer<double> values => $"{BitConverter.DoubleToInt64Bits(values.Values[index])}",
        FixedBuffer<bool> values => $"{values.Values[index]}",
        FixedBuffer<Int128> values => $"{values.Values[index]}",
        _ => throw new InvalidOperationException($"{buffer.GetType()} is not known to the test"),
    };
}

/// <summary>Row ids 00000000000001, 00000000000002, …</summary>
internal sealed class CountingIds : IRowIdSource
{
    private long _count;

    public void Next(Span<byte> destination) =>
        Encoding.ASCII.GetBytes((++_count).ToString("D14", System.Globalization.CultureInfo.InvariantCulture), destination);
}

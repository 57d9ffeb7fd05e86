using System.Text;
using Dlt.Normalize.Rows;
using Dlt.Parquet;

namespace Dlt.Normalize.Coercion;

/// <summary>Appends a converted value to its column buffer.</summary>
internal static class ValueAppender
{
    public static void Append(TableColumn column, int row, DataValue value)
    {
        switch (column.Buffer)
        {
            case ConstantBuffer:
                break;
            case FixedBuffer<double> doubles:
                doubles.Append(row, value.AsDouble);
                break;
            case FixedBuffer<bool> bools:
                bools.Append(row, value.AsBool);
                break;
            case FixedBuffer<int> days:
                days.Append(row, value.AsDays);
                break;
            case FixedBuffer<long> longs:
                longs.Append(row, Long(value));
                break;
            case FixedBuffer<Int128> decimals:
                if (!value.AsDecimal.TryToUnscaled(column.Type.Precision, column.Type.Scale, out var unscaled))
                    throw TooLarge(column, value);
                decimals.Append(row, (Int128)unscaled);
                break;
            default:
                ((BytesBuffer)column.Buffer).Append(row, Bytes(value));
                break;
        }
    }

    private static SchemaException TooLarge(TableColumn column, DataValue value) =>
        new($"Column '{column.Schema.Name}' is {FileColumnTypes.NameOf(column.Type)} and cannot hold {value}. "
            + $"{UnloadedPackage.State} Declare more digits, or the column as text.")
        { Column = column.Schema.Name };

    private static long Long(DataValue value) => value.Type switch
    {
        DataType.Bigint => (long)value.AsInteger,
        DataType.Timestamp => value.AsTimestamp.UtcMicros,
        _ => value.AsTimeMicros,
    };

    private static byte[] Bytes(DataValue value) => value.Type switch
    {
        DataType.Binary => value.AsBinary,
        DataType.Json => JsonText.WriteUtf8(value.AsJson),
        _ => Encoding.UTF8.GetBytes(value.AsText),
    };
}

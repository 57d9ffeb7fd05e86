using System.Buffers.Binary;
using System.Text;
using Dlt.Parquet;
using Dlt.Hashing;
using Dlt.Json;
using Dlt.Normalize;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Golden.Units;

/// <summary>Ids of the vectors: the n-th is n as ten big-endian bytes.</summary>
internal sealed class CountingIds : IRowIdSource
{
    private ulong _count;

    public void Next(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[10];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes[2..], ++_count);
        DltHash.EncodeRowId(bytes, destination);
    }
}

/// <summary>Reads column buffers back as rows, in the form of the vectors.</summary>
internal static class NormalizedRows
{
    public static unsafe void Add(ItemNormalizer normalizer, JsonValue item, string table)
    {
        var text = JsonText.WriteUtf8(item);
        var padded = new byte[text.Length + 64];
        text.CopyTo(padded, 0);
        fixed (byte* p = padded) normalizer.Add(p, text.Length, table, "test", 0, 1);
    }

    public static List<JsonValue> Read(TableBuffer table)
    {
        var rows = new List<JsonValue>();
        for (var row = 0; row < table.Rows; row++)
        {
            var fields = new List<KeyValuePair<string, JsonValue>>();
            foreach (var column in table.Columns)
            {
                if (column.Buffer is ConstantBuffer constant)
                    fields.Add(new(column.Schema.Name, JsonValue.String(Encoding.UTF8.GetString(constant.Value))));
                else if (column.Buffer.IsValid(row)) fields.Add(new(column.Schema.Name, Value(column, column.Buffer.ValuesBefore(row))));
            }

            rows.Add(JsonValue.Object(fields));
        }

        return rows;
    }

    private static JsonValue Value(TableColumn column, int index) => column.Buffer switch
    {
        FixedBuffer<long> longs when column.Type.DataType == DataType.Bigint => JsonValue.Integer(longs.Values[index]),
        FixedBuffer<long> longs when column.Type.DataType == DataType.Timestamp =>
            GoldenValue.FromValue(DataValue.Timestamp(new(longs.Values[index], null))),
        FixedBuffer<long> longs => GoldenValue.FromValue(DataValue.Time(longs.Values[index])),
        FixedBuffer<double> doubles => GoldenValue.FromValue(DataValue.Double(doubles.Values[index])),
        FixedBuffer<bool> bools => JsonValue.Bool(bools.Values[index]),
        FixedBuffer<int> days => GoldenValue.FromValue(DataValue.Date(days.Values[index])),
        FixedBuffer<Int128> decimals => Decimal(column, decimals.Values[index]),
        BytesBuffer bytes when column.Type.DataType == DataType.Json => JsonParser.Parse(bytes.Value(index)),
        BytesBuffer bytes when column.Type.DataType == DataType.Binary =>
            GoldenValue.FromValue(DataValue.Binary(bytes.Value(index).ToArray())),
        BytesBuffer bytes => JsonValue.String(Encoding.UTF8.GetString(bytes.Value(index))),
        _ => throw new InvalidOperationException(),
    };

    private static JsonValue Decimal(TableColumn column, Int128 unscaled)
    {
        var value = new BigDecimal(System.Numerics.BigInteger.Abs(unscaled), -column.Type.Scale, unscaled < 0);
        return GoldenValue.FromValue(column.Type.DataType == DataType.Wei ? DataValue.Wei(value) : DataValue.Decimal(value));
    }

    /// <summary>Nulls out, timestamps as naive UTC, decimals without trailing zeros, keys sorted.</summary>
    public static string Canonical(JsonValue row) => JsonText.Write(Plain(row, isRow: true), sortKeys: true);

    private static JsonValue Plain(JsonValue json, bool isRow = false)
    {
        if (!isRow && GoldenValue.IsTyped(json))
        {
            var value = GoldenValue.ToValue(json)!.Value;
            return value.Type switch
            {
                DataType.Timestamp => JsonValue.String(new Timestamp(value.AsTimestamp.UtcMicros, null).ToString()),
                DataType.Decimal or DataType.Wei when value.AsDecimal.Special is null => JsonValue.String(Trim(value.AsDecimal)),
                _ => JsonValue.String(value.ToString()),
            };
        }

        return json.Kind switch
        {
            JsonKind.Object => JsonValue.Object(
                json.Members.Where(m => !isRow || !m.Value.IsNull).Select(m => KeyValuePair.Create(m.Key, Plain(m.Value)))),
            JsonKind.Array => JsonValue.Array([.. json.Items.Select(i => Plain(i))]),
            _ => json,
        };
    }

    private static string Trim(BigDecimal value)
    {
        while (value.Exponent < 0 && value.Digits % 10 == 0 && !value.Digits.IsZero)
            value = value with { Digits = value.Digits / 10, Exponent = value.Exponent + 1 };
        if (value.Digits.IsZero) value = value with { Exponent = 0, IsNegative = false };
        while (value.Exponent > 0) value = value with { Digits = value.Digits * 10, Exponent = value.Exponent - 1 };
        return value.ToString();
    }
}

using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Golden.Units;

/// <summary>Arrow tables that a vector tells in words: <c>int32 id, timestamp[us, UTC] ts, …</c>, with one row each.</summary>
internal static class ArrowDescription
{
    public static RecordBatch Table(string words)
    {
        var fields = Split(words).Select(f => f.Split(' ')).Select(f => (Name: f[^1], Type: string.Join(' ', f[..^1]))).Select(f => (f.Name, Array: Array(f.Type))).ToList();
        return new(new Apache.Arrow.Schema(fields.Select(f => new Field(f.Name, f.Array.Data.DataType, nullable: true)), null), fields.Select(f => f.Array), 1);
    }

    /// <summary>Commas within brackets belong to a type.</summary>
    private static IEnumerable<string> Split(string words)
    {
        int start = 0, depth = 0;
        for (var i = 0; i <= words.Length; i++)
        {
            if (i < words.Length && words[i] is '[' or '(') depth++;
            else if (i < words.Length && words[i] is ']' or ')') depth--;
            if (i < words.Length && (words[i] != ',' || depth > 0)) continue;
            yield return words[start..i].Trim();
            start = i + 1;
        }
    }

    private static IArrowArray Array(string type) => type switch
    {
        "int32" => new Int32Array.Builder().Append(1).Build(),
        "text" => new StringArray.Builder().Append("a").Build(),
        "timestamp[us, UTC]" => new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "UTC")).Append(DateTimeOffset.UnixEpoch).Build(),
        "timestamp[ns]" => new TimestampArray.Builder(new TimestampType(TimeUnit.Nanosecond, (string?)null)).Append(DateTimeOffset.UnixEpoch).Build(),
        "decimal128(10,2)" => new Decimal128Array.Builder(new Decimal128Type(10, 2)).Append(1.5m).Build(),
        "struct" => new StructArray(new StructType([new Field("a", Int32Type.Default, true)]), 1, [new Int32Array.Builder().Append(1).Build()], ArrowBuffer.Empty, 0, 0),
        "list" => List(),
        "null" => new NullArray(1),
        "bool" => new BooleanArray.Builder().Append(true).Build(),
        "date32" => new Date32Array.Builder().Append(new DateOnly(1970, 1, 2)).Build(),
        "float32" => new FloatArray.Builder().Append(1.5f).Build(),
        _ => throw new Pipelines.NotBuiltException("Arrow type " + type),
    };

    private static ListArray List()
    {
        var list = new ListArray.Builder(Int32Type.Default);
        list.Append();
        ((Int32Array.Builder)list.ValueBuilder).Append(1);
        return list.Build();
    }
}

namespace Dlt.Iceberg;

/// <summary>Converts values that were written before their column's type was promoted (docs/spec/iceberg.md 1.7).</summary>
internal static class Promotion
{
    /// <summary>Converts a value to the form of the type.</summary>
    /// <returns>False if the type cannot hold the value.</returns>
    public static bool TryTo(PrimitiveType type, object value, out object? result)
    {
        result = (type.Kind, value) switch
        {
            (PrimitiveKind.Boolean, bool) or (PrimitiveKind.Int or PrimitiveKind.Date, int)
                or (PrimitiveKind.Float, float) or (PrimitiveKind.Double, double) or (PrimitiveKind.String, string)
                or (PrimitiveKind.Uuid, Guid) or (PrimitiveKind.Binary or PrimitiveKind.Fixed, byte[])
                or (PrimitiveKind.Decimal, Int128) => value,
            (PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz
                or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs, long) => value,
            (PrimitiveKind.Long, int number) => (long)number,
            (PrimitiveKind.Double, float number) => (double)number,
            (PrimitiveKind.Timestamp, int days) => days * Micros.PerDay,
            (PrimitiveKind.TimestampNs, int days) => days * Micros.PerDay * 1000,
            (PrimitiveKind.Uuid, byte[] { Length: 16 } bytes) => new Guid(bytes, bigEndian: true),
            (PrimitiveKind.String, byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes),
            (PrimitiveKind.Int, long number) when number is >= int.MinValue and <= int.MaxValue => (int)number,
            _ => null,
        };
        return result is not null;
    }
}

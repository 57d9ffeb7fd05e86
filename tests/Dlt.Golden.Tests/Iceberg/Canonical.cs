using System.Globalization;
using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Golden.Iceberg;

/// <summary>Values as the README of golden/iceberg writes them.</summary>
internal static class Canonical
{
    public static JsonValue Of(IcebergType type, object? value)
    {
        switch (type, value)
        {
            case (_, null): return JsonValue.Null;
            case (StructType structure, object?[] values):
                return JsonValue.Object(structure.Fields.Select((f, i) => KeyValuePair.Create(f.Name, Of(f.Type, values[i]))));
            case (ListType list, List<object?> items): return JsonValue.Array([.. items.Select(i => Of(list.Element, i))]);
            case (MapType map, List<KeyValuePair<object?, object?>> pairs):
                return JsonValue.Array([.. pairs.Select(p => JsonValue.Array([Of(map.Key, p.Key), Of(map.Value, p.Value)]))
                    .OrderBy(p => JsonText.Write(p.Items[0]), StringComparer.Ordinal)]);
        }

        var primitive = (PrimitiveType)type;
        return value switch
        {
            bool flag => JsonValue.Bool(flag),
            int days when primitive.Kind == PrimitiveKind.Date => JsonValue.String(CivilDate.Text(days)),
            int number => JsonValue.Integer(number),
            float number => Real(number),
            double number => Real(number),
            Int128 unscaled => JsonValue.String(Decimal(unscaled, primitive.Scale)),
            string text => JsonValue.String(text),
            Guid id => JsonValue.String(id.ToString("D")),
            byte[] bytes => JsonValue.String(Convert.ToBase64String(bytes)),
            long time when primitive.Kind == PrimitiveKind.Time => JsonValue.String(Time(time)),
            long time when primitive.Kind is PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz =>
                JsonValue.String(Timestamp(time) + (primitive.Kind == PrimitiveKind.TimestampTz ? "+00:00" : "")),
            long time when primitive.Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs =>
                JsonValue.String(TimestampNs(time) + (primitive.Kind == PrimitiveKind.TimestampTzNs ? "+00:00" : "")),
            long number => JsonValue.Integer(number),
            _ => throw new InvalidOperationException($"{value!.GetType().Name} is not a value of {type}."),
        };
    }

    /// <summary>The value; bytes are base64 here, hexadecimal in filters.</summary>
    public static object? Read(PrimitiveType type, JsonValue json)
    {
        if (json.IsNull) return null;
        return type.Kind is PrimitiveKind.Binary or PrimitiveKind.Fixed
            ? Convert.FromBase64String(json.AsString()) : Literal.FromJson(type, json)
            ?? throw new InvalidOperationException($"{json} is no {type}.");
    }

    private static JsonValue Real(double number)
    {
        if (double.IsNaN(number)) return JsonValue.String("NaN");
        if (double.IsInfinity(number)) return JsonValue.String(number > 0 ? "Infinity" : "-Infinity");
        return number == 0 && double.IsNegative(number) ? JsonValue.String("-0.0") : JsonValue.Real(number);
    }

    private static string Decimal(Int128 unscaled, int scale)
    {
        var digits = Int128.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return (unscaled < 0 ? "-" : "") + (scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}");
    }

    private static string Timestamp(long micros)
    {
        var days = (int)Micros.FloorDiv(micros, Micros.PerDay);
        return $"{CivilDate.Text(days)}T{Time(micros - days * Micros.PerDay)}";
    }

    private static string TimestampNs(long nanos)
    {
        var micros = Micros.FloorDiv(nanos, 1000);
        return string.Create(CultureInfo.InvariantCulture, $"{Timestamp(micros)}{nanos - micros * 1000:000}");
    }

    private static string Time(long micros)
    {
        var (seconds, fraction) = Math.DivRem(micros, Micros.PerSecond);
        return string.Create(
            CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{fraction:000000}");
    }
}

using System.Globalization;
using Dlt.Batches.Building;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Sources.Files;

/// <summary>What the fields of a CSV column are.</summary>
internal enum FieldType
{
    Integer,
    Real,
    Bool,
    Date,
    Text,
}

/// <summary>Types of fields, which CSV does not tell.</summary>
internal static class FieldTypes
{
    private const double MaxExactInteger = 1L << 53;

    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>The narrowest type that all fields fit; text when all are empty.</summary>
    public static FieldType Of(IEnumerable<string> fields)
    {
        FieldType? type = null;
        foreach (var field in fields)
        {
            if (field.Length == 0) continue;
            var own = TryInteger(field, out _) ? FieldType.Integer : TryReal(field, out _) ? FieldType.Real : TryBool(field, out _) ? FieldType.Bool : TryDate(field, out _) ? FieldType.Date : FieldType.Text;
            type = type is null || type == own ? own : (type, own) is (FieldType.Integer, FieldType.Real) or (FieldType.Real, FieldType.Integer) ? FieldType.Real : FieldType.Text;
            if (type == FieldType.Text) break;
        }

        return type ?? FieldType.Text;
    }

    /// <returns>False when the field is not of the type.</returns>
    public static bool TryAppend(ValueColumn column, FieldType type, ReadOnlySpan<char> field)
    {
        if (field.IsEmpty)
        {
            column.AppendNull();
            return true;
        }

        switch (type)
        {
            case FieldType.Integer: return TryInteger(field, out var integer) && column.TryAppend(ValueKind.Integer, integer);
            case FieldType.Real: return TryReal(field, out var real) && column.TryAppend(real);
            case FieldType.Bool: return TryBool(field, out var flag) && ValueWriter.Write(column, flag);
            case FieldType.Date: return TryDate(field, out var day) && column.TryAppend(ValueKind.Date, day);
            default: return column.TryAppend(field);
        }
    }

    /// <summary>The field as its type, or as text when it is not of the type.</summary>
    public static JsonValue ToJson(FieldType type, ReadOnlySpan<char> field)
    {
        if (field.IsEmpty) return JsonValue.Null;
        switch (type)
        {
            case FieldType.Integer when TryInteger(field, out var integer): return JsonValue.Integer(integer);
            case FieldType.Real when TryReal(field, out var real): return JsonValue.Real(real);
            case FieldType.Bool when TryBool(field, out var flag): return JsonValue.Bool(flag);
            case FieldType.Date when TryDate(field, out var day): return TypedJson.Encode(DataValue.Date(day));
            default: return JsonValue.String(field.ToString());
        }
    }

    /// <summary>Codes such as 01234 are no numbers, nor are texts with blanks or signs other than minus.</summary>
    private static bool TryInteger(ReadOnlySpan<char> field, out long value)
    {
        value = 0;
        return HasPlainDigits(field) && long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryReal(ReadOnlySpan<char> field, out double value)
    {
        value = 0;
        return HasPlainDigits(field)
            && double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value)
            && (Math.Abs(value) <= MaxExactInteger || field.ContainsAny('.', 'e', 'E'));   // a whole number that a double would round is text
    }

    private static bool HasPlainDigits(ReadOnlySpan<char> field)
    {
        if (field[0] == '-') field = field[1..];
        return field.Length > 0 && char.IsAsciiDigit(field[0]) && (field[0] != '0' || field.Length == 1 || !char.IsAsciiDigit(field[1]));
    }

    private static bool TryBool(ReadOnlySpan<char> field, out bool value)
    {
        value = field.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || field.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    private static bool TryDate(ReadOnlySpan<char> field, out int day)
    {
        day = 0;
        if (field.Length != 10 || !DateOnly.TryParseExact(field, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return false;
        day = date.DayNumber - UnixDay;
        return true;
    }
}

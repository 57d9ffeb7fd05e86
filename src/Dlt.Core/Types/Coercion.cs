using System.Numerics;
using Dlt.Json;

namespace Dlt.Types;

/// <summary>Converts values to another type (docs/spec/pipeline.md 3.3). Values that cannot be converted go to a variant column.</summary>
internal static class Coercion
{
    public static bool TryCoerce(DataValue value, DataType to, out DataValue result)
    {
        result = value;
        if (value.Type == to) return true;
        switch (to)
        {
            case DataType.Text:
                result = DataValue.Text(value.ToString());
                return true;
            case DataType.Double: return TryDouble(value, out result);
            case DataType.Bool: return TryBool(value, out result);
            case DataType.Timestamp: return TryTimestamp(value, out result);
            case DataType.Bigint: return TryBigint(value, out result);
            case DataType.Binary: return TryBinary(value, out result);
            case DataType.Json: return TryJson(value, out result);
            case DataType.Decimal:
            case DataType.Wei: return TryDecimal(value, to, out result);
            case DataType.Date: return TryDate(value, out result);
            default: return TryTime(value, out result);
        }
    }

    /// <summary>Parses hexadecimal bytes with an optional <c>0x</c>; the number of digits must be even.</summary>
    public static bool TryHexBytes(string text, out byte[] bytes)
    {
        bytes = [];
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        if (digits.Length % 2 != 0) return false;
        foreach (var c in digits)
            if (!char.IsAsciiHexDigit(c)) return false;
        bytes = Convert.FromHexString(digits);
        return true;
    }

    private static bool TryDouble(DataValue value, out DataValue result)
    {
        double number;
        switch (value.Type)
        {
            case DataType.Text when PythonNumber.TryParseDouble(value.AsText, allowHex: true, out number): break;
            // Rounds to nearest; a cast would truncate.
            case DataType.Bigint:
                number = BigDecimal.FromInteger(value.AsInteger).ToDouble();
                break;
            case DataType.Decimal or DataType.Wei:
                number = value.AsDecimal.ToDouble();
                break;
            default: return Fail(out result);
        }

        result = DataValue.Double(number);
        return true;
    }

    private static bool TryBool(DataValue value, out DataValue result)
    {
        bool? flag = value.Type switch
        {
            DataType.Text => value.AsText.ToLowerInvariant() switch
            {
                "yes" or "true" or "t" or "y" or "1" => true,
                "no" or "false" or "n" or "f" or "0" => false,
                _ => null,
            },
            DataType.Double => value.AsDouble != 0,
            DataType.Bigint => !value.AsInteger.IsZero,
            DataType.Decimal or DataType.Wei => !value.AsDecimal.IsZero,
            _ => null,
        };
        result = DataValue.Bool(flag ?? false);
        return flag is not null;
    }

    private static bool TryTimestamp(DataValue value, out DataValue result)
    {
        Timestamp timestamp;
        switch (value.Type)
        {
            case DataType.Text when IsoDateTime.TryParse(value.AsText, out timestamp, out _, out _): break;
            case DataType.Text when PythonNumber.TryParseDouble(value.AsText, allowHex: false, out var seconds)
                && Timestamp.TryFromEpoch(seconds, out timestamp):
                break;
            case DataType.Double when Timestamp.TryFromEpoch(value.AsDouble, out timestamp): break;
            case DataType.Bigint when Timestamp.TryFromEpoch((double)value.AsInteger, out timestamp): break;
            case DataType.Date:
                timestamp = new(value.AsDays * Timestamp.MicrosPerDay, null);
                break;
            default: return Fail(out result);
        }

        result = DataValue.Timestamp(timestamp);
        return true;
    }

    private static bool TryBigint(DataValue value, out DataValue result)
    {
        BigInteger integer;
        switch (value.Type)
        {
            case DataType.Text when PythonNumber.TryParseInteger(value.AsText, out integer): break;
            case DataType.Double when value.LostDigits is { } digits && BigDecimal.TryParse(digits, out var exact):
                if (!exact.TryToInteger(out integer)) return Fail(out result);
                break;
            case DataType.Double when double.IsFinite(value.AsDouble) && Math.Floor(value.AsDouble) == value.AsDouble:
                integer = new BigInteger(value.AsDouble);
                break;
            case DataType.Decimal or DataType.Wei when value.AsDecimal.TryToInteger(out integer): break;
            default: return Fail(out result);
        }

        result = DataValue.Bigint(integer);
        return true;
    }

    private static bool TryBinary(DataValue value, out DataValue result)
    {
        byte[] bytes;
        switch (value.Type)
        {
            case DataType.Text when value.AsText.StartsWith("0x", StringComparison.Ordinal):
                if (!TryHexBytes(value.AsText, out bytes)) return Fail(out result);
                break;
            case DataType.Text when value.AsText.Length > 0 && Base64Text.TryDecode(value.AsText, out bytes): break;
            case DataType.Text when value.AsText.Length == 0:
                bytes = [];
                break;
            case DataType.Bigint when value.AsInteger.Sign >= 0:
                bytes = value.AsInteger.IsZero ? [] : value.AsInteger.ToByteArray(isUnsigned: true);
                break;
            default: return Fail(out result);
        }

        result = DataValue.Binary(bytes);
        return true;
    }

    private static bool TryJson(DataValue value, out DataValue result)
    {
        if (value.Type == DataType.Text)
        {
            try
            {
                result = DataValue.Json(JsonParser.Parse(value.AsText));
                return true;
            }
            catch (JsonFormatException)
            {
                // The text is not JSON, so the caller adds a text variant.
            }
        }

        return Fail(out result);
    }

    private static bool TryDecimal(DataValue value, DataType to, out DataValue result)
    {
        BigDecimal number;
        switch (value.Type)
        {
            case DataType.Text when value.AsText.Trim().StartsWith("0x", StringComparison.OrdinalIgnoreCase):
                if (!PythonNumber.TryParseInteger(value.AsText, out var hex)) return Fail(out result);
                number = BigDecimal.FromInteger(hex);
                break;
            case DataType.Text when BigDecimal.TryParse(value.AsText, out number): break;
            case DataType.Double when value.LostDigits is { } digits && BigDecimal.TryParse(digits, out number): break;
            case DataType.Double:
                number = BigDecimal.FromDouble(value.AsDouble);
                break;
            case DataType.Bigint:
                number = BigDecimal.FromInteger(value.AsInteger);
                break;
            case DataType.Decimal or DataType.Wei:
                number = value.AsDecimal;
                break;
            default: return Fail(out result);
        }

        result = to == DataType.Wei ? DataValue.Wei(number) : DataValue.Decimal(number);
        return true;
    }

    private static bool TryDate(DataValue value, out DataValue result)
    {
        if (value.Type == DataType.Text && IsoDateTime.TryParseDate(value.AsText, out var days))
        {
            result = DataValue.Date(days);
            return true;
        }

        Timestamp timestamp;
        if (value.Type == DataType.Timestamp) timestamp = value.AsTimestamp;
        else if (value.Type is DataType.Text or DataType.Double or DataType.Bigint && TryTimestamp(value, out var converted))
            timestamp = converted.AsTimestamp;
        else return Fail(out result);
        result = DataValue.Date(Timestamp.DayOf(timestamp.UtcMicros));
        return true;
    }

    private static bool TryTime(DataValue value, out DataValue result)
    {
        if (value.Type == DataType.Text && IsoDateTime.TryParseTime(value.AsText, out var micros))
        {
            result = DataValue.Time(micros);
            return true;
        }

        return Fail(out result);
    }

    private static bool Fail(out DataValue result)
    {
        result = default;
        return false;
    }
}

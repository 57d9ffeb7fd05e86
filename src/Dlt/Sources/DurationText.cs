using System.Globalization;
using System.Xml;
using Dlt.Types;

namespace Dlt.Sources;

/// <summary>
/// Parses time spans in settings: a number of seconds, <c>[d.]hh:mm[:ss[.fffffff]]</c>, a TOML time of day, or ISO 8601 such as
/// <c>PT90S</c>.
/// </summary>
internal static class DurationText
{
    /// <summary>Parses a time span. Returns false when the value has none of these forms or is out of range.</summary>
    public static bool TryParse(JsonValue value, out TimeSpan span)
    {
        span = default;
        if (value.Kind is JsonKind.Integer or JsonKind.Real) return TrySeconds(value.ToString(), out span);
        if (value.Kind != JsonKind.String) return false;
        var text = value.AsString();
        if (TypedJson.Decode(text) is { Type: DataType.Time } time)
        {
            span = TimeSpan.FromTicks(time.AsTimeMicros * TimeSpan.TicksPerMicrosecond);
            return true;
        }

        // TimeSpan.TryParse would read a bare number as days.
        if (TrySeconds(text, out span)) return true;
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out span)) return true;
        return TryIso(text, out span);
    }

    private static bool TrySeconds(string text, out TimeSpan span)
    {
        span = default;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (!(Math.Abs(seconds) < TimeSpan.MaxValue.TotalSeconds)) return false;   // also for NaN
        span = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static bool TryIso(string text, out TimeSpan span)
    {
        span = default;
        if (!text.StartsWith('P')) return false;
        try
        {
            span = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}

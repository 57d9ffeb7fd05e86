using System.Numerics;

namespace Dlt.Types;

/// <summary>Runs the type detectors of a schema on the first value of a column (docs/spec/pipeline.md 3.2).</summary>
internal static class TypeDetection
{
    private static readonly BigInteger LargestWei =
        BigInteger.Parse("578960446186580977117854925043439539266", System.Globalization.CultureInfo.InvariantCulture);
    private const double FiveYearsSeconds = 5 * 365 * 86_400.0;

    /// <summary>Returns the type found by the first detector that applies; null when none does.</summary>
    public static DataType? Detect(IEnumerable<string> detections, DataValue value, DateTimeOffset now)
    {
        foreach (var detection in detections)
            if (DetectOne(detection, value, now) is { } type) return type;
        return null;
    }

    private static DataType? DetectOne(string detection, DataValue value, DateTimeOffset now) => detection switch
    {
        "iso_timestamp" when value.Type == DataType.Text && IsoDateTime.TryParseTimestamp(value.AsText, out _) => DataType.Timestamp,
        "iso_date" when value.Type == DataType.Text && IsoDateTime.TryParseDate(value.AsText, out _) => DataType.Date,
        "timestamp" when value.Type is DataType.Bigint or DataType.Double && IsNear(value, now) => DataType.Timestamp,
        "large_integer" when value.Type == DataType.Bigint && value.AsInteger.Sign >= 0 =>
            value.AsInteger > LargestWei ? DataType.Text : value.AsInteger > long.MaxValue ? DataType.Wei : null,
        "wei_to_double" when value.Type == DataType.Wei => DataType.Double,
        _ => null,
    };

    private static bool IsNear(DataValue value, DateTimeOffset now)
    {
        var seconds = value.Type == DataType.Double ? value.AsDouble : (double)value.AsInteger;
        var clock = now.ToUnixTimeMilliseconds() / 1000.0;
        return seconds >= clock - FiveYearsSeconds && seconds <= clock + FiveYearsSeconds;
    }
}

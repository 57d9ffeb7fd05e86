using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Properties of a table as numbers (spec/iceberg.md 2.5).</summary>
internal static class TableProperties
{
    /// <summary>A whole number of 0 or more; null when the property is not set, or no such number.</summary>
    public static long? Number(this TableMetadata metadata, string name) =>
        long.TryParse(metadata.Properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number of 1 or more.</summary>
    public static long PositiveNumber(this TableMetadata metadata, string name, long defaultValue) =>
        metadata.Number(name) is { } number and > 0 ? number : defaultValue;
}

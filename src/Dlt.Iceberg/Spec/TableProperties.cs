using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Properties of a table as numbers (docs/spec/iceberg.md 2.5).</summary>
internal static class TableProperties
{
    private const long DefaultTargetFileBytes = 512L << 20;

    /// <summary>Bytes at which a data file is complete: <c>write.target-file-size-bytes</c>, 512 MiB by default.</summary>
    public static long TargetFileBytes(this TableMetadata metadata) =>
        metadata.PositiveNumber("write.target-file-size-bytes", DefaultTargetFileBytes);

    /// <summary>A whole number of 0 or more; null when the property is not set, or no such number.</summary>
    public static long? Number(this TableMetadata metadata, string name) =>
        long.TryParse(metadata.Properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>A number of 1 or more.</summary>
    public static long PositiveNumber(this TableMetadata metadata, string name, long defaultValue) =>
        metadata.Number(name) is { } number and > 0 ? number : defaultValue;
}

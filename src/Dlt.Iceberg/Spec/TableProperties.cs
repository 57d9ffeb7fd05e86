using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Reads properties of a table as numbers (docs/spec/iceberg.md 2.5).</summary>
internal static class TableProperties
{
    private const long DefaultTargetFileBytes = 512L << 20;

    /// <summary>Target size of a data file in bytes: <c>write.target-file-size-bytes</c>, 512 MiB by default.</summary>
    public static long TargetFileBytes(this TableMetadata metadata) =>
        metadata.PositiveNumber("write.target-file-size-bytes", DefaultTargetFileBytes);

    /// <summary>An integer of 0 or more; null if the property is not set or not valid.</summary>
    public static long? Number(this TableMetadata metadata, string name) =>
        long.TryParse(metadata.Properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    /// <summary>An integer of 1 or more; the default value if the property is not set or not valid.</summary>
    public static long PositiveNumber(this TableMetadata metadata, string name, long defaultValue) =>
        metadata.Number(name) is { } number and > 0 ? number : defaultValue;
}

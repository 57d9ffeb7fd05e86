using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Formats partition values for folder names as the Java library does (docs/spec/iceberg.md 4.4).</summary>
internal static class PartitionText
{
    private const int EpochYear = 1970;

    /// <summary>Formats the value of a partition field. Years, months, days and hours since 1970 are formatted as dates.</summary>
    public static string Of(Transform transform, PrimitiveType result, object? value)
    {
        if (value is not int ordinal || transform is not TimeTransform { Unit: var unit }) return ValueText.Of(result, value);
        switch (unit)
        {
            case "year": return CivilDate.Year(EpochYear + ordinal);
            case "month":
                var year = EpochYear + (int)Micros.FloorDiv(ordinal, 12);
                var month = ((ordinal % 12) + 12) % 12 + 1;
                return string.Create(CultureInfo.InvariantCulture, $"{CivilDate.Year(year)}-{month:00}");
            case "day": return CivilDate.Text(ordinal);
            default:
                var days = (int)Micros.FloorDiv(ordinal, 24);
                return string.Create(CultureInfo.InvariantCulture, $"{CivilDate.Text(days)}-{ordinal - days * 24L:00}");
        }
    }
}

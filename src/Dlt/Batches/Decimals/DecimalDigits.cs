using System.Globalization;
using Apache.Arrow.Types;
using Dlt.Parquet;

namespace Dlt.Batches.Decimals;

/// <summary>The digits that a source declares for a column of decimals.</summary>
/// <param name="Precision">All digits: 1 to 38.</param>
/// <param name="Scale">Digits after the point: 0 to <paramref name="Precision"/>.</param>
internal readonly record struct DecimalDigits(int Precision, int Scale)
{
    private const int Unknown = 255;   // ADO.NET tells digits as bytes

    /// <summary>The digits of a database's column as its reader tells them.</summary>
    /// <param name="precision">All digits; providers say null, 0 or 255 where there are none.</param>
    /// <param name="scale">Digits after the point; null beside a precision is 0: so Npgsql tells <c>numeric(12,0)</c>.</param>
    /// <returns>Null when it declares none, or some that no decimal has: a money type says 255, Oracle's number -127.</returns>
    public static DecimalDigits? Of(int? precision, int? scale)
    {
        if (precision is not > 0 || (precision == Unknown && scale is null)) return null;
        var after = scale ?? 0;
        if (after is not (>= 0 and <= ColumnType.MaxPrecision)) return null;
        var digits = Math.Max(precision.Value, after);   // numeric(2,5) has zeros after the point
        return new(Math.Min(digits, ColumnType.MaxPrecision), after);
    }

    /// <summary>The digits of an Arrow type; null when it is no decimal.</summary>
    public static DecimalDigits? Of(IArrowType type) => type switch
    {
        Decimal32Type small => Of(small.Precision, small.Scale),
        Decimal64Type medium => Of(medium.Precision, medium.Scale),
        Decimal128Type large => Of(large.Precision, large.Scale),
        Decimal256Type huge => Of(huge.Precision, huge.Scale),
        DictionaryType dictionary => Of(dictionary.ValueType),
        _ => null,
    };

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static DecimalDigits? Parse(string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scale) ? Of(precision, scale) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Precision},{Scale}");
}

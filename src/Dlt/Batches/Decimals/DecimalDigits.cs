using System.Globalization;
using Apache.Arrow.Types;
using Dlt.Parquet;

namespace Dlt.Batches.Decimals;

/// <summary>Precision and scale that a source declares for a column of decimals.</summary>
/// <param name="Precision">Total number of digits: 1 to 38.</param>
/// <param name="Scale">Number of digits after the decimal point: 0 to <paramref name="Precision"/>.</param>
internal readonly record struct DecimalDigits(int Precision, int Scale)
{
    private const int Unknown = 255;   // ADO.NET reports digits as bytes

    /// <summary>Returns the digits of a database column as reported by its reader.</summary>
    /// <param name="precision">Total number of digits; providers report null, 0 or 255 for undeclared digits.</param>
    /// <param name="scale">
    /// Number of digits after the decimal point. Null with a precision means 0: Npgsql reports <c>numeric(12,0)</c> like that.
    /// </param>
    /// <returns>Null when the digits are undeclared or not valid: a money type reports 255, Oracle's <c>NUMBER</c> -127.</returns>
    public static DecimalDigits? Of(int? precision, int? scale)
    {
        if (precision is not > 0 || (precision == Unknown && scale is null)) return null;
        var after = scale ?? 0;
        if (after is not (>= 0 and <= ColumnType.MaxPrecision)) return null;
        var digits = Math.Max(precision.Value, after);   // numeric(2,5) has zeros after the point
        return new(Math.Min(digits, ColumnType.MaxPrecision), after);
    }

    /// <summary>Returns the digits of an Arrow type; null when it is not a decimal.</summary>
    public static DecimalDigits? Of(IArrowType type) => type switch
    {
        Decimal32Type small => Of(small.Precision, small.Scale),
        Decimal64Type medium => Of(medium.Precision, medium.Scale),
        Decimal128Type large => Of(large.Precision, large.Scale),
        Decimal256Type huge => Of(huge.Precision, huge.Scale),
        DictionaryType dictionary => Of(dictionary.ValueType),
        _ => null,
    };

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    public static DecimalDigits? Parse(string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scale) ? Of(precision, scale) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Precision},{Scale}");
}

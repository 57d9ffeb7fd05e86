using System.Globalization;

namespace Dlt.Schemas;

/// <summary>A scalar type within a <see cref="NestedType"/>, stored by Hive's name.</summary>
/// <param name="DataType">Text, bigint, double, bool, date, timestamp, decimal or binary.</param>
/// <param name="IntegerBits">Bits of an integer: 8, 16, 32 or 64; 0 for other types.</param>
/// <param name="Precision">Digits of a decimal: 1 to <see cref="MaxPrecision"/>; 0 for other types.</param>
/// <param name="Scale">Fraction digits of a decimal: 0 to its precision; 0 for other types.</param>
internal readonly record struct ScalarType(DataType DataType, int IntegerBits = 0, int Precision = 0, int Scale = 0)
{
    /// <summary>Maximum number of digits of a decimal.</summary>
    public const int MaxPrecision = 38;

    /// <summary>Hive's name of the type, such as <c>decimal(38,9)</c>.</summary>
    public string Hive => DataType switch
    {
        DataType.Text or DataType.Json or DataType.Time => "string",
        DataType.Double => "double",
        DataType.Bool => "boolean",
        DataType.Bigint => IntegerBits switch { 8 => "tinyint", 16 => "smallint", 32 => "int", _ => "bigint" },
        DataType.Decimal or DataType.Wei => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})"),
        DataType.Date => "date",
        DataType.Timestamp => "timestamp",
        _ => "binary",
    };
}

using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// The type of a field (Iceberg table specification). Its text is the one of the Java library: <c>decimal(9, 2)</c>,
/// <c>list&lt;int&gt;</c>, <c>struct&lt;1: id: required long&gt;</c>.
/// </summary>
public abstract record IcebergType
{
    internal IcebergType()
    {
    }
}

/// <summary>A primitive type.</summary>
/// <param name="Kind">Which primitive type it is.</param>
public sealed record PrimitiveType(PrimitiveKind Kind) : IcebergType
{
    private const int MaxPrecision = 38;

    private static readonly Dictionary<string, PrimitiveKind> Names = new(StringComparer.Ordinal)
    {
        ["boolean"] = PrimitiveKind.Boolean,
        ["int"] = PrimitiveKind.Int,
        ["long"] = PrimitiveKind.Long,
        ["float"] = PrimitiveKind.Float,
        ["double"] = PrimitiveKind.Double,
        ["date"] = PrimitiveKind.Date,
        ["time"] = PrimitiveKind.Time,
        ["timestamp"] = PrimitiveKind.Timestamp,
        ["timestamptz"] = PrimitiveKind.TimestampTz,
        ["timestamp_ns"] = PrimitiveKind.TimestampNs,
        ["timestamptz_ns"] = PrimitiveKind.TimestampTzNs,
        ["string"] = PrimitiveKind.String,
        ["uuid"] = PrimitiveKind.Uuid,
        ["binary"] = PrimitiveKind.Binary,
        ["unknown"] = PrimitiveKind.Unknown,
        ["variant"] = PrimitiveKind.Variant,
    };

    /// <summary>Digits of a decimal, 1 to 38; 0 for other types.</summary>
    public int Precision { get; init; }

    /// <summary>Digits of a decimal after the decimal point.</summary>
    public int Scale { get; init; }

    /// <summary>Length of a fixed in bytes; 0 for other types.</summary>
    public int Length { get; init; }

    /// <summary>Text between the parentheses of a geometry or geography type; null if there is none.</summary>
    public string? Parameters { get; init; }

    /// <summary>True for types that require format version 3.</summary>
    public bool NeedsVersion3 => Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs or >= PrimitiveKind.Unknown;

    /// <summary>Creates a decimal type.</summary>
    public static PrimitiveType Decimal(int precision, int scale)
    {
        if (precision is >= 1 and <= MaxPrecision && scale >= 0 && scale <= precision)
            return new(PrimitiveKind.Decimal) { Precision = precision, Scale = scale };
        var problem = $"decimal({precision},{scale}) is not valid: precision is 1 to 38, and scale is 0 to the precision.";
        throw new ArgumentOutOfRangeException(nameof(precision), problem);
    }

    /// <summary>Creates a type of byte strings of one length.</summary>
    public static PrimitiveType Fixed(int length)
    {
        if (length > 0) return new(PrimitiveKind.Fixed) { Length = length };
        throw new ArgumentOutOfRangeException(nameof(length), length, "The length of a fixed is at least 1 byte.");
    }

    /// <summary>Converts a value to this type after a type promotion: int to long, float to double, date to timestamp.</summary>
    /// <param name="value">A value of this type or of the type that was promoted, in the .NET form of <see cref="PrimitiveKind"/>.</param>
    /// <param name="promoted">The value in the .NET form of this type.</param>
    /// <returns>False if this type cannot hold the value.</returns>
    public bool TryPromote(object value, out object? promoted) => Promotion.TryTo(this, value, out promoted);

    /// <summary>Parses the name of a type, such as <c>decimal(9, 2)</c>. Spaces are optional.</summary>
    /// <exception cref="FormatException">The text is not the name of a type.</exception>
    public static PrimitiveType Parse(string text)
    {
        if (Names.TryGetValue(text, out var kind)) return new(kind);
        var open = text.AsSpan().IndexOfAny('(', '[');
        if (open >= 0 && text[^1] != (text[open] == '(' ? ')' : ']')) throw Wrong(text);
        if (open < 0)
        {
            return text switch
            {
                "geometry" => new(PrimitiveKind.Geometry),
                "geography" => new(PrimitiveKind.Geography),
                _ => throw Wrong(text),
            };
        }

        var name = text[..open].Trim();
        var parameters = text[(open + 1)..^1].Trim();
        switch (name)
        {
            case "fixed" when int.TryParse(parameters, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0:
                return Fixed(length);
            case "decimal":
                var parts = parameters.Split(',', StringSplitOptions.TrimEntries);
                return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var precision)
                    && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var scale)
                    && precision is >= 1 and <= MaxPrecision && scale <= precision ? Decimal(precision, scale) : throw Wrong(text);
            case "geometry": return new(PrimitiveKind.Geometry) { Parameters = parameters };
            case "geography": return new(PrimitiveKind.Geography) { Parameters = parameters };
            default: throw Wrong(text);
        }
    }

    /// <summary>
    /// The name of the type in metadata and manifests. A decimal has a space after its comma, because Iceberg Java up to 1.1.0 requires it.
    /// </summary>
    public override string ToString() => Kind switch
    {
        PrimitiveKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision}, {Scale})"),
        PrimitiveKind.Fixed => string.Create(CultureInfo.InvariantCulture, $"fixed[{Length}]"),
        PrimitiveKind.Geometry => Parameters is null ? "geometry" : $"geometry({Parameters})",
        PrimitiveKind.Geography => Parameters is null ? "geography" : $"geography({Parameters})",
        _ => Names.First(n => n.Value == Kind).Key,
    };

    private static FormatException Wrong(string text) => new($"'{text}' is not an Iceberg type.");
}

/// <summary>A list type.</summary>
/// <param name="ElementId">Field id of the elements.</param>
/// <param name="Element">Type of the elements.</param>
/// <param name="IsElementRequired">False when elements may be null.</param>
public sealed record ListType(int ElementId, IcebergType Element, bool IsElementRequired = false) : IcebergType
{
    /// <inheritdoc/>
    public override string ToString() => $"list<{Element}>";
}

/// <summary>A map type.</summary>
/// <param name="KeyId">Field id of the keys.</param>
/// <param name="Key">Type of the keys. Keys are never null.</param>
/// <param name="ValueId">Field id of the values.</param>
/// <param name="Value">Type of the values.</param>
/// <param name="IsValueRequired">False when values may be null.</param>
public sealed record MapType(int KeyId, IcebergType Key, int ValueId, IcebergType Value, bool IsValueRequired = false) : IcebergType
{
    /// <inheritdoc/>
    public override string ToString() => $"map<{Key}, {Value}>";
}

/// <summary>A struct type.</summary>
/// <param name="Fields">Fields in order.</param>
public sealed record StructType(ImmutableArray<NestedField> Fields) : IcebergType
{
    /// <inheritdoc/>
    public bool Equals(StructType? other) => other is not null && Fields.SequenceEqual(other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => Fields.Aggregate(0, (hash, field) => HashCode.Combine(hash, field.Id, field.Name));

    /// <inheritdoc/>
    public override string ToString() => $"struct<{string.Join(", ", Fields.Select(Text))}>";

    private static string Text(NestedField field) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{field.Id}: {field.Name}: {(field.IsRequired ? "required" : "optional")} {field.Type}");
}

using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// A type of a field (Iceberg table specification). Its text is that of the Java library: <c>decimal(9, 2)</c>, <c>list&lt;int&gt;</c>,
/// <c>struct&lt;1: id: required long&gt;</c>.
/// </summary>
public abstract record IcebergType
{
    internal IcebergType()
    {
    }
}

/// <summary>A type of single values.</summary>
/// <param name="Kind">Which one.</param>
public sealed record PrimitiveType(PrimitiveKind Kind) : IcebergType
{
    private const int MaxPrecision = 38;

    private static readonly Dictionary<string, PrimitiveKind> Names = new(StringComparer.Ordinal)
    {
        ["boolean"] = PrimitiveKind.Boolean, ["int"] = PrimitiveKind.Int, ["long"] = PrimitiveKind.Long,
        ["float"] = PrimitiveKind.Float, ["double"] = PrimitiveKind.Double, ["date"] = PrimitiveKind.Date,
        ["time"] = PrimitiveKind.Time, ["timestamp"] = PrimitiveKind.Timestamp, ["timestamptz"] = PrimitiveKind.TimestampTz,
        ["timestamp_ns"] = PrimitiveKind.TimestampNs, ["timestamptz_ns"] = PrimitiveKind.TimestampTzNs,
        ["string"] = PrimitiveKind.String, ["uuid"] = PrimitiveKind.Uuid, ["binary"] = PrimitiveKind.Binary,
        ["unknown"] = PrimitiveKind.Unknown, ["variant"] = PrimitiveKind.Variant,
    };

    /// <summary>Digits of a decimal, 1 to 38.</summary>
    public int Precision { get; init; }

    /// <summary>Digits after the point of a decimal.</summary>
    public int Scale { get; init; }

    /// <summary>Bytes of a fixed.</summary>
    public int Length { get; init; }

    /// <summary>What stands in the parentheses of a geometry or geography; null for none.</summary>
    public string? Parameters { get; init; }

    /// <summary>True for the types of format version 3.</summary>
    public bool NeedsVersion3 => Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs or >= PrimitiveKind.Unknown;

    /// <summary>A decimal type.</summary>
    public static PrimitiveType Decimal(int precision, int scale) =>
        precision is >= 1 and <= MaxPrecision && scale >= 0 && scale <= precision
        ? new(PrimitiveKind.Decimal) { Precision = precision, Scale = scale }
        : throw new ArgumentOutOfRangeException(
            nameof(precision), $"decimal({precision},{scale}) is not possible: 1 to 38 digits, and not more of them after the point.");

    /// <summary>A type of byte strings of one length.</summary>
    public static PrimitiveType Fixed(int length) =>
        new(PrimitiveKind.Fixed) { Length = length > 0
            ? length : throw new ArgumentOutOfRangeException(nameof(length), length, "A fixed has at least one byte.") };

    /// <summary>
    /// The value of a file as one of this type, which may have been promoted since the file was written: an int becomes a long, a float a
    /// double, a date a timestamp.
    /// </summary>
    /// <param name="value">In the form of this type or of an older one (<see cref="PrimitiveKind"/>).</param>
    /// <param name="promoted">In the form of this type.</param>
    /// <returns>False when this type cannot hold such a value.</returns>
    public bool TryPromote(object value, out object? promoted) => Promotion.TryTo(this, value, out promoted);

    /// <summary>Reads a type's name, such as <c>decimal(9, 2)</c>, with or without blanks.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static PrimitiveType Parse(string text)
    {
        if (Names.TryGetValue(text, out var kind)) return new(kind);
        var open = text.AsSpan().IndexOfAny('(', '[');
        if (open >= 0 && text[^1] != (text[open] == '(' ? ')' : ']')) throw Wrong(text);
        if (open < 0)
            return text switch { "geometry" => new(PrimitiveKind.Geometry), "geography" => new(PrimitiveKind.Geography),
                _ => throw Wrong(text) };
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
    /// The type as metadata and manifests name it. A decimal has a blank, without which Iceberg Java up to 1.1.0 does not read it.
    /// </summary>
    public override string ToString() => Kind switch
    {
        PrimitiveKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({Precision}, {Scale})"),
        PrimitiveKind.Fixed => string.Create(CultureInfo.InvariantCulture, $"fixed[{Length}]"),
        PrimitiveKind.Geometry => Parameters is null ? "geometry" : $"geometry({Parameters})",
        PrimitiveKind.Geography => Parameters is null ? "geography" : $"geography({Parameters})",
        _ => Names.First(n => n.Value == Kind).Key,
    };

    private static FormatException Wrong(string text) => new($"'{text}' is no type of Iceberg.");
}

/// <summary>A list.</summary>
/// <param name="ElementId">Field id of the elements.</param>
/// <param name="Element">Their type.</param>
/// <param name="IsElementRequired">False when elements may be null.</param>
public sealed record ListType(int ElementId, IcebergType Element, bool IsElementRequired = false) : IcebergType
{
    /// <inheritdoc/>
    public override string ToString() => $"list<{Element}>";
}

/// <summary>A map.</summary>
/// <param name="KeyId">Field id of the keys.</param>
/// <param name="Key">Their type; keys are never null.</param>
/// <param name="ValueId">Field id of the values.</param>
/// <param name="Value">Their type.</param>
/// <param name="IsValueRequired">False when values may be null.</param>
public sealed record MapType(int KeyId, IcebergType Key, int ValueId, IcebergType Value, bool IsValueRequired = false) : IcebergType
{
    /// <inheritdoc/>
    public override string ToString() => $"map<{Key}, {Value}>";
}

/// <summary>A struct.</summary>
/// <param name="Fields">Its fields in order.</param>
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

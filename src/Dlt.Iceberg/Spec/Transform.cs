using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>Computes a partition or sort value from a column's value (Iceberg table specification). Null stays null.</summary>
public abstract record Transform
{
    private protected Transform()
    {
    }

    /// <summary>The column's value, unchanged.</summary>
    public static Transform Identity { get; } = new IdentityTransform();

    /// <summary>Years since 1970.</summary>
    public static Transform Year { get; } = new TimeTransform("year");

    /// <summary>Months since 1970.</summary>
    public static Transform Month { get; } = new TimeTransform("month");

    /// <summary>Days since 1970.</summary>
    public static Transform Day { get; } = new TimeTransform("day");

    /// <summary>Hours since 1970.</summary>
    public static Transform Hour { get; } = new TimeTransform("hour");

    /// <summary>Always null: a partition field that was removed.</summary>
    public static Transform Void { get; } = new VoidTransform();

    /// <summary>The hash of the value modulo <paramref name="count"/>.</summary>
    public static Transform Bucket(int count)
    {
        if (count > 0) return new BucketTransform(count);
        throw new ArgumentOutOfRangeException(nameof(count), count, "The number of buckets is at least 1.");
    }

    /// <summary>
    /// Numbers rounded down to a multiple of <paramref name="width"/>; texts cut to that many characters, binary values to that many bytes.
    /// </summary>
    public static Transform Truncate(int width)
    {
        if (width > 0) return new TruncateTransform(width);
        throw new ArgumentOutOfRangeException(nameof(width), width, "The width is at least 1.");
    }

    /// <summary>Parses the name of a transform in metadata. An unknown transform keeps its name.</summary>
    public static Transform Parse(string name)
    {
        var open = name.IndexOf('[', StringComparison.Ordinal);
        var digits = open > 0 && name.EndsWith(']') ? name.AsSpan(open + 1, name.Length - open - 2) : [];
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var parameter) && parameter > 0)
        {
            switch (name[..open])
            {
                case "bucket": return Bucket(parameter);
                case "truncate": return Truncate(parameter);
            }
        }

        return name switch
        {
            "identity" => Identity,
            "year" => Year,
            "month" => Month,
            "day" => Day,
            "hour" => Hour,
            "void" => Void,
            _ => new UnknownTransform(name),
        };
    }

    /// <summary>Type of the result; null if the transform does not accept the source type.</summary>
    internal abstract PrimitiveType? ResultType(PrimitiveType source);

    /// <summary>Computes the result for a value that is not null.</summary>
    internal abstract object? Apply(PrimitiveType source, object value);

    /// <summary>Suffix of a partition field's default name, after the column's name (docs/spec/iceberg.md 4.5).</summary>
    internal abstract string Suffix { get; }
}

/// <summary>Returns the column's value.</summary>
internal sealed record IdentityTransform : Transform
{
    internal override string Suffix => "";

    public override string ToString() => "identity";

    internal override PrimitiveType? ResultType(PrimitiveType source) =>
        source.Kind is PrimitiveKind.Variant or PrimitiveKind.Geometry or PrimitiveKind.Geography ? null : source;

    internal override object Apply(PrimitiveType source, object value) => value;
}

/// <summary>Returns null for every value.</summary>
internal sealed record VoidTransform : Transform
{
    internal override string Suffix => "_null";

    public override string ToString() => "void";

    internal override PrimitiveType ResultType(PrimitiveType source) => source;

    internal override object? Apply(PrimitiveType source, object value) => null;
}

/// <summary>A transform of a later format version. Its values are kept but not interpreted.</summary>
internal sealed record UnknownTransform(string Name) : Transform
{
    internal override string Suffix => "_" + Name;

    public override string ToString() => Name;

    internal override PrimitiveType? ResultType(PrimitiveType source) => null;

    internal override object Apply(PrimitiveType source, object value) =>
        throw new IcebergException(IcebergError.Unsupported, $"Transform '{Name}' is unknown. Files cannot be written with it.");
}

/// <summary>Hashes values into buckets (docs/spec/iceberg.md 4.2).</summary>
internal sealed record BucketTransform(int Count) : Transform
{
    internal override string Suffix => "_bucket";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"bucket[{Count}]");

    internal override PrimitiveType? ResultType(PrimitiveType source) =>
        source.Kind is PrimitiveKind.Boolean or PrimitiveKind.Float or PrimitiveKind.Double or >= PrimitiveKind.Unknown
            ? null : new(PrimitiveKind.Int);

    internal override object Apply(PrimitiveType source, object value) => (Hash(source, value) & int.MaxValue) % Count;

    internal static int Hash(PrimitiveType source, object value) => source.Kind switch
    {
        PrimitiveKind.Int or PrimitiveKind.Date => Murmur3.Hash((int)value),
        PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => Murmur3.Hash(Micros.FloorDiv((long)value, 1000)),
        PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => Murmur3.Hash((long)value),
        _ => Murmur3.Hash(SingleValue.Encode(source, value)!),
    };
}

/// <summary>Rounds numbers down and shortens texts and binary values.</summary>
internal sealed record TruncateTransform(int Width) : Transform
{
    internal override string Suffix => "_trunc";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"truncate[{Width}]");

    internal override PrimitiveType? ResultType(PrimitiveType source) =>
        source.Kind is PrimitiveKind.Int or PrimitiveKind.Long or PrimitiveKind.Decimal or PrimitiveKind.String or PrimitiveKind.Binary
            ? source : null;

    internal override object Apply(PrimitiveType source, object value) => value switch
    {
        int number => unchecked(number - ((number % Width) + Width) % Width),
        long number => unchecked(number - ((number % Width) + Width) % Width),
        Int128 unscaled => unscaled - ((unscaled % Width) + Width) % Width,
        string text => CodePoints.Prefix(text, Width),
        byte[] bytes => bytes.Length <= Width ? bytes : bytes[..Width],
        _ => throw new ArgumentException($"{value.GetType().Name} cannot be truncated.", nameof(value)),
    };
}

/// <summary>Years, months, days or hours since 1970, rounded down.</summary>
internal sealed record TimeTransform(string Unit) : Transform
{
    private const int EpochYear = 1970;

    internal override string Suffix => "_" + Unit;

    public override string ToString() => Unit;

    internal override PrimitiveType? ResultType(PrimitiveType source) => source.Kind switch
    {
        PrimitiveKind.Date when Unit == "hour" => null,
        PrimitiveKind.Date or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz or PrimitiveKind.TimestampNs
            or PrimitiveKind.TimestampTzNs => new(Unit == "day" ? PrimitiveKind.Date : PrimitiveKind.Int),
        _ => null,
    };

    internal override object Apply(PrimitiveType source, object value)
    {
        var micros = source.Kind switch
        {
            PrimitiveKind.Date => (int)value * Micros.PerDay,
            PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => Micros.FloorDiv((long)value, 1000),
            _ => (long)value,
        };
        if (Unit == "hour") return (int)Micros.FloorDiv(micros, Micros.PerHour);
        var days = source.Kind == PrimitiveKind.Date ? (int)value : (int)Micros.FloorDiv(micros, Micros.PerDay);
        if (Unit == "day") return days;
        var (year, month, _) = CivilDate.Of(days);
        return Unit == "year" ? year - EpochYear : (year - EpochYear) * 12 + month - 1;
    }
}

using System.Collections.Immutable;

namespace Dlt.Sql;

/// <summary>
/// A type of AWS Athena, of a table column or a query expression (Athena User Guide, "Data types in Amazon Athena").
/// <see cref="AthenaTypeParser"/> parses types; <see cref="HiveTypeName"/>, <see cref="TrinoTypeName"/> and <see cref="DuckTypeName"/>
/// print them. Types are equal when all their parameters and parts are equal.
/// </summary>
public abstract record AthenaType
{
    private AthenaType()
    {
    }

    /// <summary>Type of texts of any length: <c>string</c> in Hive, <c>varchar</c> in Trino.</summary>
    public static AthenaType String { get; } = new Varchar(null);

    /// <summary>Returns the name of the type in Trino's form (<see cref="TrinoTypeName"/>).</summary>
    public sealed override string ToString() => TrinoTypeName.Of(this);

    private protected static int InRange(int value, int min, int max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
        return value;
    }

    /// <summary>A type without parameters.</summary>
    /// <param name="Kind">Kind of the type.</param>
    public sealed record Scalar(AthenaScalar Kind) : AthenaType;

    /// <summary>Type of decimal numbers.</summary>
    public sealed record Decimal : AthenaType
    {
        /// <summary>Maximum number of digits.</summary>
        public const int MaxPrecision = 38;

        /// <summary>Creates a type of decimal numbers.</summary>
        /// <param name="precision">Number of digits: 1 to <see cref="MaxPrecision"/>.</param>
        /// <param name="scale">Number of digits after the point: 0 to <paramref name="precision"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">The precision or scale is out of range.</exception>
        public Decimal(int precision, int scale)
        {
            Precision = InRange(precision, 1, MaxPrecision, nameof(precision));
            Scale = InRange(scale, 0, precision, nameof(scale));
        }

        /// <summary>Number of digits: 1 to <see cref="MaxPrecision"/>.</summary>
        public int Precision { get; }

        /// <summary>Number of digits after the point: 0 to <see cref="Precision"/>.</summary>
        public int Scale { get; }
    }

    /// <summary>Type of texts with a fixed length, padded with spaces.</summary>
    public sealed record Char : AthenaType
    {
        /// <summary>Creates a type of texts with a fixed length.</summary>
        /// <param name="length">Length in characters, 1 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
        public Char(int length) => Length = InRange(length, 1, int.MaxValue, nameof(length));

        /// <summary>Length in characters, 1 or more.</summary>
        public int Length { get; }
    }

    /// <summary>Type of texts with a maximum length, or with any length (<see cref="String"/>).</summary>
    public sealed record Varchar : AthenaType
    {
        /// <summary>Creates a type of texts.</summary>
        /// <param name="length">Maximum length in characters, 1 or more; null for no limit.</param>
        /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
        public Varchar(int? length) => Length = length is { } most ? InRange(most, 1, int.MaxValue, nameof(length)) : null;

        /// <summary>Maximum length in characters, 1 or more; null for no limit.</summary>
        public int? Length { get; }
    }

    /// <summary>Type of times of day.</summary>
    public sealed record Time : AthenaType
    {
        /// <summary>Creates a type of times of day.</summary>
        /// <param name="precision">Fraction digits of a second, 0 to 12.</param>
        /// <param name="hasTimeZone">True when every value has an offset from UTC.</param>
        /// <exception cref="ArgumentOutOfRangeException">The precision is out of range.</exception>
        public Time(int precision, bool hasTimeZone = false)
        {
            Precision = InRange(precision, 0, Timestamp.MaxPrecision, nameof(precision));
            HasTimeZone = hasTimeZone;
        }

        /// <summary>Fraction digits of a second, 0 to 12.</summary>
        public int Precision { get; }

        /// <summary>True when every value has an offset from UTC.</summary>
        public bool HasTimeZone { get; }
    }

    /// <summary>Type of dates with a time of day.</summary>
    public sealed record Timestamp : AthenaType
    {
        /// <summary>Fraction digits of a timestamp type without a precision, and of every timestamp in a Hive table.</summary>
        public const int DefaultPrecision = 3;

        /// <summary>Maximum number of fraction digits.</summary>
        public const int MaxPrecision = 12;

        /// <summary>Creates a type of timestamps.</summary>
        /// <param name="precision">Fraction digits of a second, 0 to <see cref="MaxPrecision"/>.</param>
        /// <param name="hasTimeZone">True when every value has a time zone and is an instant.</param>
        /// <exception cref="ArgumentOutOfRangeException">The precision is out of range.</exception>
        public Timestamp(int precision, bool hasTimeZone = false)
        {
            Precision = InRange(precision, 0, MaxPrecision, nameof(precision));
            HasTimeZone = hasTimeZone;
        }

        /// <summary>Fraction digits of a second, 0 to <see cref="MaxPrecision"/>.</summary>
        public int Precision { get; }

        /// <summary>True when every value has a time zone and is an instant.</summary>
        public bool HasTimeZone { get; }
    }

    /// <summary>Type of arrays.</summary>
    /// <param name="Element">Type of the elements.</param>
    public sealed record Array(AthenaType Element) : AthenaType;

    /// <summary>Type of maps.</summary>
    /// <param name="Key">Type of the keys.</param>
    /// <param name="Value">Type of the values.</param>
    public sealed record Map(AthenaType Key, AthenaType Value) : AthenaType;

    /// <summary>Type of rows with fields: <c>struct</c> in Hive.</summary>
    public sealed record Row : AthenaType
    {
        /// <summary>Creates a type of rows.</summary>
        /// <param name="fields">Fields in order; one or more.</param>
        /// <exception cref="ArgumentException">There are no fields.</exception>
        public Row(ImmutableArray<AthenaRowField> fields)
        {
            if (fields.IsDefaultOrEmpty) throw new ArgumentException("A row type has one field or more.", nameof(fields));
            Fields = fields;
        }

        /// <summary>Fields in order; one or more.</summary>
        public ImmutableArray<AthenaRowField> Fields { get; }

        /// <summary>Returns true when the other type has the same fields in the same order.</summary>
        public bool Equals(Row? other) => other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan());

        /// <summary>Combines the hash codes of all fields.</summary>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var field in Fields) hash.Add(field);
            return hash.ToHashCode();
        }
    }
}

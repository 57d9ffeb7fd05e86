using System.Collections.Immutable;

namespace Dlt.Sql;

/// <summary>
/// A type of AWS Athena: of a column of a table, or of an expression of a query (Athena User Guide, "Data types in Amazon Athena").
/// <see cref="AthenaTypeParser"/> reads types, <see cref="HiveTypeName"/>, <see cref="TrinoTypeName"/> and <see cref="DuckTypeName"/> write
/// them. Types are equal when all their parameters and parts are.
/// </summary>
public abstract record AthenaType
{
    private AthenaType()
    {
    }

    /// <summary>Texts of any length: <c>string</c> in Hive, <c>varchar</c> in Trino.</summary>
    public static AthenaType String { get; } = new Varchar(null);

    /// <summary>The name of the type in Trino's form (<see cref="TrinoTypeName"/>).</summary>
    public sealed override string ToString() => TrinoTypeName.Of(this);

    private protected static int InRange(int value, int min, int max, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, max, name);
        return value;
    }

    /// <summary>A type without parameters.</summary>
    /// <param name="Kind">Which one.</param>
    public sealed record Scalar(AthenaScalar Kind) : AthenaType;

    /// <summary>Decimal numbers.</summary>
    public sealed record Decimal : AthenaType
    {
        /// <summary>Most digits.</summary>
        public const int MaxPrecision = 38;

        /// <summary>A type of decimals.</summary>
        /// <param name="precision">Digits: 1 to <see cref="MaxPrecision"/>.</param>
        /// <param name="scale">How many of them are behind the point: 0 to <paramref name="precision"/>.</param>
        /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
        public Decimal(int precision, int scale)
        {
            Precision = InRange(precision, 1, MaxPrecision, nameof(precision));
            Scale = InRange(scale, 0, precision, nameof(scale));
        }

        /// <summary>Digits: 1 to <see cref="MaxPrecision"/>.</summary>
        public int Precision { get; }

        /// <summary>Digits behind the point: 0 to <see cref="Precision"/>.</summary>
        public int Scale { get; }
    }

    /// <summary>Texts of one length, filled up with blanks.</summary>
    public sealed record Char : AthenaType
    {
        /// <summary>A type of texts of one length.</summary>
        /// <param name="length">Characters: 1 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
        public Char(int length) => Length = InRange(length, 1, int.MaxValue, nameof(length));

        /// <summary>Characters: 1 or more.</summary>
        public int Length { get; }
    }

    /// <summary>Texts up to a length, or of any length (<see cref="String"/>).</summary>
    public sealed record Varchar : AthenaType
    {
        /// <summary>A type of texts.</summary>
        /// <param name="length">Most characters: 1 or more; null for no limit.</param>
        /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
        public Varchar(int? length) => Length = length is { } most ? InRange(most, 1, int.MaxValue, nameof(length)) : null;

        /// <summary>Most characters: 1 or more; null for no limit.</summary>
        public int? Length { get; }
    }

    /// <summary>Times of day.</summary>
    public sealed record Time : AthenaType
    {
        /// <summary>A type of times of day.</summary>
        /// <param name="precision">Fraction digits of a second: 0 to 12.</param>
        /// <param name="hasTimeZone">True: every value has an offset.</param>
        /// <exception cref="ArgumentOutOfRangeException">The precision is outside its range.</exception>
        public Time(int precision, bool hasTimeZone = false)
        {
            Precision = InRange(precision, 0, Timestamp.MaxPrecision, nameof(precision));
            HasTimeZone = hasTimeZone;
        }

        /// <summary>Fraction digits of a second: 0 to 12.</summary>
        public int Precision { get; }

        /// <summary>True: every value has an offset.</summary>
        public bool HasTimeZone { get; }
    }

    /// <summary>Dates with a time of day.</summary>
    public sealed record Timestamp : AthenaType
    {
        /// <summary>The fraction digits of a timestamp that names none, and of every timestamp in a Hive table.</summary>
        public const int DefaultPrecision = 3;

        /// <summary>Most fraction digits.</summary>
        public const int MaxPrecision = 12;

        /// <summary>A type of timestamps.</summary>
        /// <param name="precision">Fraction digits of a second: 0 to <see cref="MaxPrecision"/>.</param>
        /// <param name="hasTimeZone">True: every value has a time zone, and is an instant.</param>
        /// <exception cref="ArgumentOutOfRangeException">The precision is outside its range.</exception>
        public Timestamp(int precision, bool hasTimeZone = false)
        {
            Precision = InRange(precision, 0, MaxPrecision, nameof(precision));
            HasTimeZone = hasTimeZone;
        }

        /// <summary>Fraction digits of a second: 0 to <see cref="MaxPrecision"/>.</summary>
        public int Precision { get; }

        /// <summary>True: every value has a time zone, and is an instant.</summary>
        public bool HasTimeZone { get; }
    }

    /// <summary>Lists.</summary>
    /// <param name="Element">The type of the elements.</param>
    public sealed record Array(AthenaType Element) : AthenaType;

    /// <summary>Maps.</summary>
    /// <param name="Key">The type of the keys.</param>
    /// <param name="Value">The type of the values.</param>
    public sealed record Map(AthenaType Key, AthenaType Value) : AthenaType;

    /// <summary>Rows of fields: <c>struct</c> in Hive.</summary>
    public sealed record Row : AthenaType
    {
        /// <summary>A type of rows.</summary>
        /// <param name="fields">The fields in order: one or more.</param>
        /// <exception cref="ArgumentException">There are no fields.</exception>
        public Row(ImmutableArray<AthenaRowField> fields)
        {
            if (fields.IsDefaultOrEmpty) throw new ArgumentException("A row type has one field or more.", nameof(fields));
            Fields = fields;
        }

        /// <summary>The fields in order: one or more.</summary>
        public ImmutableArray<AthenaRowField> Fields { get; }

        /// <summary>True for the same fields in the same order.</summary>
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

using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt;

/// <summary>Declares columns of a resource in one call.</summary>
public static class Column
{
    /// <summary>A text column.</summary>
    public static ColumnSchema Text(string name, bool nullable = true) => new(name, DataType.Text, nullable);

    /// <summary>An integer column; <paramref name="bits"/> is 8, 16, 32 or 64.</summary>
    public static ColumnSchema Bigint(string name, bool nullable = true, int? bits = null) =>
        WithPrecision(new(name, DataType.Bigint, nullable), bits);

    /// <summary>A column of doubles.</summary>
    public static ColumnSchema Double(string name, bool nullable = true) => new(name, DataType.Double, nullable);

    /// <summary>A boolean column.</summary>
    public static ColumnSchema Bool(string name, bool nullable = true) => new(name, DataType.Bool, nullable);

    /// <summary>A date column.</summary>
    public static ColumnSchema Date(string name, bool nullable = true) => new(name, DataType.Date, nullable);

    /// <summary>
    /// A timestamp column; numbers count as seconds since 1970. <paramref name="precision"/> is the number of fraction digits, 0 to 9.
    /// </summary>
    public static ColumnSchema Timestamp(string name, bool nullable = true, int? precision = null) =>
        WithPrecision(new(name, DataType.Timestamp, nullable), precision);

    /// <summary>A decimal column of at most 38 digits.</summary>
    public static ColumnSchema Decimal(string name, int precision, int scale, bool nullable = true) =>
        WithPrecision(new(name, DataType.Decimal, nullable), precision).With("scale", JsonValue.Integer(scale));

    /// <summary>A column of bytes.</summary>
    public static ColumnSchema Binary(string name, bool nullable = true) => new(name, DataType.Binary, nullable);

    /// <summary>A column that keeps objects and lists as JSON text.</summary>
    public static ColumnSchema Json(string name, bool nullable = true) => new(name, DataType.Json, nullable);

    /// <summary>
    /// A column that holds lists, structs or maps as such. A value that does not fit the type, or has fields that it lacks, goes whole to a
    /// variant column of JSON text.
    /// </summary>
    /// <param name="name">The column.</param>
    /// <param name="type">The type as Glue and Athena name it, such as <c>array&lt;struct&lt;sku:string,n:bigint&gt;&gt;</c> or
    /// <c>map&lt;string,double&gt;</c>.</param>
    /// <param name="nullable">False: a row without value is an error.</param>
    /// <exception cref="FormatException">It is not such a type.</exception>
    public static ColumnSchema Nested(string name, string type, bool nullable = true)
    {
        Schemas.NestedType.Parse(type);
        return new ColumnSchema(name, DataType.Json, nullable)
            .With(ColumnSchema.NestedTypeHint,
            JsonValue.String(ColumnSchema.NestedTypePrefix + type.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal)));
    }

    /// <summary>
    /// A column that holds lists and structs as such, with the type that its values have. Fields that come later are added; a value that
    /// contradicts the type goes whole to a variant column of JSON text.
    /// </summary>
    public static ColumnSchema Nested(string name, bool nullable = true) =>
        new ColumnSchema(name, DataType.Json, nullable).WithGrowingType(null);

    private static ColumnSchema WithPrecision(ColumnSchema column, int? precision) =>
        precision is { } digits ? column.With("precision", JsonValue.Integer(digits)) : column;
}

using Dlt.Schemas;

namespace Dlt;

/// <summary>Creates column declarations for <see cref="ResourceHints.Columns"/>, one method per data type.</summary>
/// <remarks>Where <c>nullable</c> is null, the declaration leaves it open, and the column accepts nulls.</remarks>
public static class Column
{
    /// <summary>Declares a text column.</summary>
    public static ColumnSchema Text(string name, bool? nullable = null) => Declared(name, DataType.Text, nullable);

    /// <summary>Declares an integer column. <paramref name="bits"/> is 8, 16, 32 or 64; null for 64.</summary>
    public static ColumnSchema Bigint(string name, bool? nullable = null, int? bits = null) =>
        WithPrecision(Declared(name, DataType.Bigint, nullable), bits);

    /// <summary>Declares a column of 64-bit floating-point numbers.</summary>
    public static ColumnSchema Double(string name, bool? nullable = null) => Declared(name, DataType.Double, nullable);

    /// <summary>Declares a boolean column.</summary>
    public static ColumnSchema Bool(string name, bool? nullable = null) => Declared(name, DataType.Bool, nullable);

    /// <summary>Declares a column of calendar dates.</summary>
    public static ColumnSchema Date(string name, bool? nullable = null) => Declared(name, DataType.Date, nullable);

    /// <summary>
    /// Declares a timestamp column. Numbers are read as seconds since 1970. <paramref name="precision"/> is the number of fraction digits,
    /// 0 to 9; null for the destination's default.
    /// </summary>
    public static ColumnSchema Timestamp(string name, bool? nullable = null, int? precision = null) =>
        WithPrecision(Declared(name, DataType.Timestamp, nullable), precision);

    /// <summary>Declares a decimal column of 1 to 38 digits.</summary>
    public static ColumnSchema Decimal(string name, int precision, int scale, bool? nullable = null) =>
        WithPrecision(Declared(name, DataType.Decimal, nullable), precision).With("scale", JsonValue.Integer(scale));

    /// <summary>Declares a binary column.</summary>
    public static ColumnSchema Binary(string name, bool? nullable = null) => Declared(name, DataType.Binary, nullable);

    /// <summary>Declares a column that stores objects and lists as JSON text.</summary>
    public static ColumnSchema Json(string name, bool? nullable = null) => Declared(name, DataType.Json, nullable);

    /// <summary>
    /// Declares a native column of lists, structs or maps. A value that does not fit the type, or has a field that the type does not have,
    /// is stored as JSON text in a variant column.
    /// </summary>
    /// <param name="name">Name of the column.</param>
    /// <param name="type">
    /// Type in the syntax of Glue and Athena, such as <c>array&lt;struct&lt;sku:string,n:bigint&gt;&gt;</c> or
    /// <c>map&lt;string,double&gt;</c>.
    /// </param>
    /// <param name="nullable">False when every row must have a value.</param>
    /// <exception cref="FormatException">The type is not valid.</exception>
    public static ColumnSchema Nested(string name, string type, bool? nullable = null)
    {
        Schemas.NestedType.Parse(type);
        var hint = ColumnSchema.NestedTypePrefix + type.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal);
        return Declared(name, DataType.Json, nullable).With(ColumnSchema.NestedTypeHint, JsonValue.String(hint));
    }

    /// <summary>
    /// Declares a native column of lists and structs whose type follows its values. New fields are added to the type; a value that
    /// contradicts the type is stored as JSON text in a variant column.
    /// </summary>
    public static ColumnSchema Nested(string name, bool? nullable = null) =>
        Declared(name, DataType.Json, nullable).WithGrowingType(null);

    /// <summary>The hint <c>nullable</c> is declared only if it is given, as in dlt: it is part of the schema's hash.</summary>
    private static ColumnSchema Declared(string name, DataType type, bool? nullable)
    {
        var column = new ColumnSchema(name).With("data_type", JsonValue.String(type.Name()));
        return nullable is { } given ? column.With("nullable", JsonValue.Bool(given)) : column;
    }

    private static ColumnSchema WithPrecision(ColumnSchema column, int? precision) =>
        precision is { } digits ? column.With("precision", JsonValue.Integer(digits)) : column;
}

using System.Globalization;
using System.Numerics;
using Dlt.Items;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Normalize.Coercion;

/// <summary>A converted value with its column.</summary>
/// <param name="Column">The existing or new column.</param>
/// <param name="Value">The value, converted to the type of the column.</param>
/// <param name="IsNew">True when the schema lacks the column or a part of its type.</param>
internal readonly record struct CoercedValue(ColumnSchema Column, DataValue Value, bool IsNew)
{
    /// <summary>True when earlier rows could change the value.</summary>
    public bool IsProvisional { get; init; }

    /// <summary>True when the value has fewer digits than that of the source.</summary>
    public bool IsRounded { get; init; }
}

/// <summary>
/// Finds the column and type of each value of a row: an existing column, an inferred one, or a variant (docs/spec/pipeline.md 3.3 to 3.6).
/// </summary>
internal sealed class RowCoercion(Schema schema, DestinationCapabilities capabilities, DateTimeOffset now)
{
    private static readonly BigInteger LargestWei =
        BigInteger.Parse("578960446186580977117854925043439539266", CultureInfo.InvariantCulture);
    private static readonly BigInteger SmallestWei = -LargestWei - 1;

    private readonly Dictionary<string, NestedType> _nestedTypes = new(StringComparer.Ordinal);
    private readonly NestedInference _inference = new(schema, capabilities, now);
    private readonly NestedCoercion _declared = new(schema.NormalizeIdentifier);
    private readonly NestedCoercion _growing = new(schema.NormalizeIdentifier) { LeavesOutEmpty = true };

    /// <summary>Meaning of the texts in the current rows.</summary>
    public BatchTexts Texts { get; set; }

    /// <summary>Decimal digits that the source declares for the current rows.</summary>
    public SourceDecimals Decimals { get; set; } = SourceDecimals.None;

    /// <summary>Date and timestamp types of the source for the current rows.</summary>
    public SourceTimes Times { get; set; } = SourceTimes.None;

    /// <summary>Converts the value of one field and finds its column.</summary>
    /// <param name="table">The stored table; null when it does not exist yet.</param>
    /// <param name="tableName">Name of the table for messages.</param>
    /// <param name="name">Identifier of the column.</param>
    /// <param name="json">The extracted value.</param>
    /// <param name="result">The column and the value.</param>
    /// <returns>False for a null, which adds nothing to the row, and for an empty list in a native column, which has no type yet.</returns>
    /// <exception cref="SchemaException">
    /// A null in a column that is not nullable, or a value that even its variant column cannot hold.
    /// </exception>
    public bool TryCoerce(TableSchema? table, string tableName, string name, JsonValue json, out CoercedValue result)
    {
        if (DataValue.FromJson(json) is not { } value)
        {
            CheckNull(table, tableName, name);
            result = default;
            return false;
        }

        var isTimeAsText = value.Type == DataType.Time && !capabilities.SupportsTime && !IsDeclaredTime(table, name);
        if (isTimeAsText) value = DataValue.Text(value.ToString());
        if (value.Type == DataType.Json && NativeColumn(table, name) is { } native)
            return TryCoerceNative(table, tableName, name, native, json.Kind == JsonKind.String ? value.AsJson : json, value, out result);
        result = Coerce(table, tableName, name, value, isVariant: false, isFinal: false);
        return true;
    }

    /// <summary>
    /// Returns true for a column declared as a time. Without times in the destination a time of day is stored as text, but a declared time
    /// column is refused.
    /// </summary>
    private static bool IsDeclaredTime(TableSchema? table, string name) =>
        table is not null && table.TryGetColumn(name, out var column) && column is { HasType: true, DataType: DataType.Time };

    private void CheckNull(TableSchema? table, string tableName, string name)
    {
        ColumnSchema? column = null;
        var isKnown = table is not null && table.TryGetColumn(name, out column);
        if (isKnown ? column!.IsNullable || !column.IsComplete : schema.Inference.IsNullable(name)) return;
        throw new SchemaException(
            $"Column '{tableName}.{name}' got a null, but it is not nullable. {UnloadedPackage.State} Filter the row, give the field a "
            + "value, or declare the column nullable.")
        { Table = tableName, Column = name };
    }

    /// <summary>Returns the column of a nested value if its native type follows the data; null otherwise.</summary>
    private ColumnSchema? NativeColumn(TableSchema? table, string name)
    {
        if (table is null || (!table.TryGetColumn(name, out var stored) && !table.HasNestedColumns)) return null;
        if (stored is null or { HasType: false })
            return table.HasNestedColumns
                ? Merged(schema.Inference.Column(name, DataType.Json, isVariant: false), stored).WithGrowingType(null)
                : null;
        return stored is { DataType: DataType.Json, GrowsNestedType: true } ? stored : null;
    }

    private static ColumnSchema Merged(ColumnSchema column, ColumnSchema? incomplete) =>
        incomplete is null ? column : column.MergedWith(incomplete);

    /// <summary>
    /// Converts a value of a column whose native type follows the data. The value fits, or the type grows, or the value contradicts the
    /// type and goes to a variant column.
    /// </summary>
    private bool TryCoerceNative(
        TableSchema? table, string tableName, string name, ColumnSchema column, JsonValue json, DataValue value, out CoercedValue result)
    {
        var type = column.NestedType is { } known ? NestedTypeOf(known) : null;
        if (type is null && NestedCoercion.IsEmpty(json))
        {
            result = new(column, value, IsNew: false) { IsProvisional = true };
            return false;
        }

        _growing.HasLeftOut = false;
        if (type is not null && _growing.TryCoerce(json, type, out var plain))
        {
            result = new(column, DataValue.Json(plain), IsNew: false) { IsProvisional = _growing.HasLeftOut };
            return true;
        }

        var grown = NestedType.Merge(type, _inference.Infer(json, Times.Of(tableName, name)))!;
        if (_growing.TryCoerce(json, grown, out plain)) result = new(column.WithGrowingType(grown), DataValue.Json(plain), IsNew: true);
        else result = Variant(table, tableName, name, value) with { IsProvisional = true };
        return true;
    }

    private CoercedValue Coerce(TableSchema? table, string tableName, string name, DataValue value, bool isVariant, bool isFinal)
    {
        ColumnSchema? incomplete = null, existing = null;
        if (table is not null && table.TryGetColumn(name, out var stored))
        {
            if (stored.IsComplete) existing = stored;
            else incomplete = stored;
        }

        var type = existing?.DataType
            ?? (incomplete is { HasType: true } ? incomplete.DataType : TypeOf(tableName, name, value, isVariant));
        if (existing is null && !isVariant && type == DataType.Decimal) incomplete = Decimals.Declare(tableName, name, incomplete);
        var isConverted = TryCoerce(value, type, out var coerced);
        var isRounded = isConverted && !isVariant && type == DataType.Decimal
            && TryRound(tableName, name, existing ?? incomplete, value, ref coerced);
        if (!isConverted || !Fits(ref coerced, existing ?? incomplete, type, isVariant))
        {
            if (isFinal)
            {
                throw new SchemaException(
                    $"Column '{tableName}.{name}' has type {type.Name()} and cannot take the {value.Type.Name()} "
                    + $"'{Shorten(value.ToString())}'. {UnloadedPackage.State} Rename the field, or declare its type.")
                { Table = tableName, Column = name };
            }

            return Variant(table, tableName, name, Exact(value, type));
        }

        if (coerced.Type == DataType.Wei && coerced.AsDecimal.TryToInteger(out var wei) && (wei > LargestWei || wei < SmallestWei))
        {
            var text = DataValue.Text(wei.ToString(CultureInfo.InvariantCulture));
            return Coerce(table, tableName, schema.Naming.ShortenFragments(name, "v_str"), text, isVariant: true, isFinal: false);
        }

        if (existing is not null) return new(existing, coerced, IsNew: false) { IsRounded = isRounded };
        var column = schema.Inference.Column(name, type, isVariant);
        if (isVariant && type == DataType.Decimal && IsBeyondInt64(coerced.AsDecimal)) column = WithIntegerDecimal(column);
        if (incomplete is not null) column = column.MergedWith(incomplete);
        return new(column, coerced, IsNew: true) { IsRounded = isRounded };
    }

    /// <summary>Rounds a number to the digits of its column when neither the database nor the column declares digits.</summary>
    /// <returns>True when digits were lost.</returns>
    private bool TryRound(string table, string name, ColumnSchema? column, DataValue value, ref DataValue coerced)
    {
        if (value.Type != DataType.Decimal || !Decimals.Rounds(table, name, column)) return false;
        var rounded = value.AsDecimal.Round(capabilities.DecimalPrecision.Scale, out var isExact);
        if (!isExact) coerced = DataValue.Decimal(rounded);
        return !isExact;
    }

    /// <summary>
    /// Returns the type of a new column. A variant column for fields keeps the type of the value without further inference.
    /// </summary>
    private DataType TypeOf(string table, string name, DataValue value, bool isVariant)
    {
        if (isVariant && Texts == BatchTexts.Fields) return value.Type;
        if (!isVariant && value.Type == DataType.Text && SourceTimes.TypeOf(Times.Of(table, name)) is { } time)
            return schema.Inference.Preferred(name) ?? time;
        return schema.Inference.TypeOf(name, value, isVariant, now);
    }

    /// <summary>
    /// Converts a value. An integer that a double would round, and a number beyond the range of a double, are not converted
    /// (docs/differences.md, numbers).
    /// </summary>
    private bool TryCoerce(DataValue value, DataType type, out DataValue coerced)
    {
        coerced = value;
        if (Texts == BatchTexts.Fields && !FieldCoercion.Allows(value, type)) return false;
        if (!Types.Coercion.TryCoerce(value, type, out coerced)) return false;
        if (type != DataType.Double) return true;
        return value.Type switch
        {
            DataType.Bigint => IsExact(coerced.AsDouble, value.AsInteger),
            DataType.Decimal or DataType.Wei => !value.AsDecimal.TryToInteger(out var whole) || IsExact(coerced.AsDouble, whole),
            // the text inf means infinity; 1e400 is a number beyond the range
            DataType.Text => double.IsFinite(coerced.AsDouble) || !value.AsText.AsSpan().ContainsAnyInRange('0', '9'),
            _ => true,
        };
    }

    private static bool IsExact(double real, BigInteger whole) => double.IsFinite(real) && new BigInteger(real) == whole;

    /// <summary>
    /// Returns the text of a number for a column of decimals that cannot hold it, if a double would change the number; else the value.
    /// </summary>
    private static DataValue Exact(DataValue value, DataType column) =>
        column is DataType.Decimal or DataType.Wei && value.LostDigits is { } digits ? DataValue.Text(digits) : value;

    /// <summary>Converts a value for a variant column, which has the value's own type (docs/spec/pipeline.md 3.4).</summary>
    private CoercedValue Variant(TableSchema? table, string tableName, string name, DataValue value)
    {
        var variant = value;
        if (value.Type == DataType.Bigint && !FitsInt64(value.AsInteger))
        {
            // Beyond 63 bits: an exact decimal of 38 digits, beyond that text. Python fails here (docs/differences.md).
            variant = BigInteger.Abs(value.AsInteger) < BigInteger.Pow(10, ColumnType.MaxPrecision)
                ? DataValue.Decimal(BigDecimal.FromInteger(value.AsInteger))
                : DataValue.Text(value.ToString());
        }
        else if (value.Type is DataType.Decimal or DataType.Wei && !FitsDefault(value))
        {
            variant = DataValue.Text(value.ToString());
        }

        var suffix = "v_" + variant.Type.Name();
        if (variant.Type == DataType.Json && table is not null
            && table.TryGetColumn(schema.Naming.ShortenFragments(name, "v_complex"), out var old))
            return Coerce(table, tableName, old.Name, variant, isVariant: true, isFinal: true);
        return Coerce(table, tableName, schema.Naming.ShortenFragments(name, suffix), variant, isVariant: true, isFinal: true);
    }

    /// <summary>Returns true when the file can hold the value exactly, so no digits are lost silently.</summary>
    private bool Fits(ref DataValue value, ColumnSchema? column, DataType type, bool isVariant)
    {
        switch (type)
        {
            case DataType.Bigint:
                if (!FitsInt64(value.AsInteger)) return false;
                var (min, max) = FileColumnTypes.Of(column ?? new ColumnSchema("c", type), capabilities).IntegerRange;
                return value.AsInteger >= min && value.AsInteger <= max;
            case DataType.Decimal:
            case DataType.Wei:
                if (column is null && isVariant && type == DataType.Decimal && IsBeyondInt64(value.AsDecimal))
                    return value.AsDecimal.TryToUnscaled(ColumnType.MaxPrecision, 0, out _);
                var typed = column is { HasType: true }
                    ? column
                    : (column ?? new ColumnSchema("c")).With("data_type", JsonValue.String(type.Name()));
                var columnType = FileColumnTypes.Of(typed, capabilities);
                return (type == DataType.Wei && value.AsDecimal.TryToInteger(out var wei) && (wei > LargestWei || wei < SmallestWei))
                    || value.AsDecimal.TryToUnscaled(columnType.Precision, columnType.Scale, out _);
            case DataType.Json when column?.NestedType is { } nested:
                if (!_declared.TryCoerce(value.AsJson, NestedTypeOf(nested), out var plain)) return false;
                value = DataValue.Json(plain);
                return true;
            case DataType.Json when column is { GrowsNestedType: true }:
                return false;   // a scalar
            case DataType.Binary:
                return column?.Precision is not { } length || value.AsBinary.Length == length;
            default:
                return true;
        }
    }

    private NestedType NestedTypeOf(string hive)
    {
        if (!_nestedTypes.TryGetValue(hive, out var type)) _nestedTypes[hive] = type = NestedType.Parse(hive);
        return type;
    }

    private static ColumnSchema WithIntegerDecimal(ColumnSchema column) =>
        column.With("precision", JsonValue.Integer(ColumnType.MaxPrecision)).With("scale", JsonValue.Integer(0));

    private static bool IsBeyondInt64(BigDecimal value) => value.TryToInteger(out var integer) && !FitsInt64(integer);

    private bool FitsDefault(DataValue value)
    {
        var (precision, scale) = value.Type == DataType.Wei ? capabilities.WeiPrecision : capabilities.DecimalPrecision;
        return value.AsDecimal.TryToUnscaled(Math.Min(precision, ColumnType.MaxPrecision), scale, out _);
    }

    private static bool FitsInt64(BigInteger value) => value >= long.MinValue && value <= long.MaxValue;

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}

using System.Collections;
using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Converts values to the types of a table's columns. Rejects values that do not fit, with their row and column. Conversions are exact,
/// except that fractions are rounded to the nearest float or double.
/// </summary>
internal sealed class RowConversion
{
    private const int MaxShown = 60;
    private const string NotAdded = "This row was not added; the rows before it were.";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _table;
    private readonly Schema _schema;
    private readonly NestedField[] _fields;
    private readonly PrimitiveType?[] _types;

    /// <param name="table">Table of the rows, for messages.</param>
    /// <param name="schema">Columns of the rows.</param>
    public RowConversion(Table table, Schema schema)
    {
        _table = table.Name;
        _schema = schema;
        _fields = [.. _schema.Fields];
        _types = [.. _fields.Select(f => f.Type as PrimitiveType)];
    }

    /// <summary>Converts a row to the forms of the columns.</summary>
    /// <param name="values">One value per column, in order.</param>
    /// <param name="row">Row number for messages, from 1.</param>
    /// <param name="isStored">
    /// True if the row is already in the table and is only rewritten. It may have a date outside today's calendar range.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The number of values is wrong, a column cannot hold its value, or a required value is missing.
    /// </exception>
    public object?[] Convert(IReadOnlyList<object?> values, long row, bool isStored = false)
    {
        if (values.Count != _fields.Length)
        {
            var problem = string.Create(
                CultureInfo.InvariantCulture, $"Row {row} has {values.Count} values, but table '{_table}' has {_fields.Length} columns.");
            throw new ArgumentException($"{problem} {NotAdded}", nameof(values));
        }

        var place = new RowPlace(row, isStored);
        var converted = new object?[values.Count];
        for (var i = 0; i < converted.Length; i++)
            converted[i] = Convert(_fields[i].Name, _fields[i].Type, _fields[i].IsRequired, values[i], place);
        return converted;
    }

    /// <summary>
    /// True if the row needs no conversion: all values are valid for their columns and no required value is missing. Called per row.
    /// </summary>
    public bool HasOwnForms(object?[] row)
    {
        if (row.Length != _fields.Length) return false;
        for (var i = 0; i < row.Length; i++)
        {
            if (_types[i] is not { } type) return false;
            var fits = (type.Kind, row[i]) switch
            {
                (_, null) => !_fields[i].IsRequired,
                (PrimitiveKind.Long, long) => true,
                (PrimitiveKind.Int, int) => true,
                (PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz, long micros) => ValueCheck.IsTimestamp(micros),
                (PrimitiveKind.Date, int days) => ValueCheck.IsDate(days),
                (PrimitiveKind.Time, long micros) => ValueCheck.IsTime(micros),
                (PrimitiveKind.String, string text) => !ValueCheck.HasLoneSurrogate(text),
                (PrimitiveKind.Double, double) => true,
                (PrimitiveKind.Boolean, bool) => true,
                (PrimitiveKind.Binary, byte[]) => true,
                (PrimitiveKind.Uuid, Guid) => true,
                (PrimitiveKind.Decimal, Int128) => DecimalDigits.Fit(row[i]!, type.Precision),
                _ => false,
            };
            if (!fits) return false;
        }

        return true;
    }

    /// <summary>An error for a partition value that its type cannot hold: rounding down gave a decimal with too many digits.</summary>
    public ArgumentException Unpartitionable(PartitionField field, object value, string problem, long row)
    {
        var column = _schema.NameOf(field.SourceId);
        var subject = string.Create(CultureInfo.InvariantCulture, $"Row {row}: the value of column '{column}' of table '{_table}'");
        return new($"{subject} has the partition value {Shown(value)} ({field.Transform}), which its type cannot hold: {problem}. "
            + $"{NotAdded} Use a smaller width, or no transform.");
    }

    private object? Convert(string name, IcebergType type, bool isRequired, object? value, RowPlace place)
    {
        if (value is null) return isRequired ? throw Missing(name, place) : null;
        switch (type, value)
        {
            case (StructType structure, object[] members) when members.Length == structure.Fields.Length:
                return structure.Fields.Select((f, i) => Convert($"{name}.{f.Name}", f.Type, f.IsRequired, members[i], place)).ToArray();
            case (ListType list, IEnumerable items) when items is not (string or byte[]):
                return items.Cast<object?>()
                    .Select(item => Convert($"{name}.element", list.Element, list.IsElementRequired, item, place)).ToList();
            case (MapType map, IEnumerable<KeyValuePair<object?, object?>> pairs): return Map(name, map, pairs, place);
            case (MapType map, IDictionary dictionary):
                var entries = dictionary.Keys.Cast<object>().Select(key => KeyValuePair.Create<object?, object?>(key, dictionary[key]));
                return Map(name, map, entries, place);
            case (PrimitiveType primitive, _): return Convert(name, primitive, value, place);
            case (StructType wanted, _):
                var form = string.Create(CultureInfo.InvariantCulture, $"object[{wanted.Fields.Length}]");
                throw Wrong(name, type, $"it is not {form}", value, place);
            default: throw Wrong(name, type, $"it is {value.GetType().Name}", value, place);
        }
    }

    private List<KeyValuePair<object?, object?>> Map(string name, MapType map, IEnumerable<KeyValuePair<object?, object?>> pairs,
        RowPlace place)
    {
        var converted = new List<KeyValuePair<object?, object?>>();
        var keys = new HashSet<object>(NestedValueComparer.Instance);
        foreach (var (key, value) in pairs)
        {
            var own = Convert($"{name}.key", map.Key, true, key, place);
            if (!keys.Add(own!)) throw Wrong(name, map, $"it has the key {Shown(key)} twice", null, place);
            converted.Add(KeyValuePair.Create(own, Convert($"{name}.value", map.Value, map.IsValueRequired, value, place)));
        }

        return converted;
    }

    private object Convert(string name, PrimitiveType type, object value, RowPlace place)
    {
        var own = type.Kind == PrimitiveKind.String && value is byte[] utf8 ? Text(utf8) : Literal.Of(type, value);
        switch (own)
        {
            case null: throw Wrong(name, type, null, value, place);
            case Literal.Bound: throw Wrong(name, type, "it is beyond the type's range", value, place);
        }

        if (ValueCheck.Problem(type, own, place.IsStored) is { } problem) throw Wrong(name, type, problem, value, place);
        if (!place.IsStored && ValueCheck.CalendarProblem(type.Kind, own) is { } beyond) throw Wrong(name, type, beyond, value, place);
        return own;
    }

    private static string? Text(byte[] utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private ArgumentException Missing(string name, RowPlace place)
    {
        var row = place.Row.ToString(CultureInfo.InvariantCulture);
        return new($"Row {row}: column '{name}' of table '{_table}' is required but has no value. {NotAdded} Give it a value, or make the "
            + "column optional.");
    }

    private ArgumentException Wrong(string name, IcebergType type, string? problem, object? value, RowPlace place)
    {
        var shown = value is null or (IEnumerable and not (string or byte[])) ? "the value" : Shown(value);
        var row = place.Row.ToString(CultureInfo.InvariantCulture);
        var reason = problem is null ? "" : ": " + problem;
        return new($"Row {row}: {shown} does not fit column '{name}' of table '{_table}' ({type}){reason}. {NotAdded} "
            + "Change the value, or change the type of the column.");
    }

    private static string Shown(object? value)
    {
        var text = value is byte[] bytes
            ? System.Convert.ToHexString(bytes) : System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length > MaxShown ? $"'{text[..MaxShown]}…'" : $"'{text}'";
    }

    /// <param name="Row">Row number for messages.</param>
    /// <param name="IsStored">True if the row is already in the table.</param>
    private readonly record struct RowPlace(long Row, bool IsStored);
}

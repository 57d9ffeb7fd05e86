using System.Collections;
using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// The one place where values become those of a table's columns: each in the form of its type, or refused with its row and column.
/// Nothing is stored as another value, but fractions as the nearest float or double.
/// </summary>
internal sealed class RowConversion
{
    private const int MostShown = 60;
    private const string NotAdded = "The row was not added; those before it were.";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _table;
    private readonly Schema _schema;
    private readonly NestedField[] _fields;
    private readonly PrimitiveType?[] _types;

    public RowConversion(Table table)
    {
        _table = table.Name;
        _schema = table.Metadata.CurrentSchema;
        _fields = [.. _schema.Fields];
        _types = [.. _fields.Select(f => f.Type as PrimitiveType)];
    }

    /// <summary>A row in the forms that the columns have.</summary>
    /// <param name="values">One value per column, in order.</param>
    /// <param name="row">Its number for messages, 1 for the first.</param>
    /// <param name="isStored">
    /// True: the row is in the table already, perhaps with a date that no calendar of today has, and is only written again.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer values than columns, a column cannot hold its value, or a required one is missing.
    /// </exception>
    public object?[] Convert(IReadOnlyList<object?> values, long row, bool isStored = false)
    {
        if (values.Count != _fields.Length)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture,
                    $"Row {row} has {values.Count} values, and table '{_table}' {_fields.Length} columns. ") + NotAdded, nameof(values));
        }

        var place = new RowPlace(row, isStored);
        var converted = new object?[values.Count];
        for (var i = 0; i < converted.Length; i++)
            converted[i] = Convert(_fields[i].Name, _fields[i].Type, _fields[i].IsRequired, values[i], place);
        return converted;
    }

    /// <summary>True when nothing has to be converted, nothing is missing, and the columns can hold what is there. Per row.</summary>
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
                (PrimitiveKind.Decimal, Int128 unscaled) => ValueCheck.HasDigits(unscaled, type.Precision),
                _ => false,
            };
            if (!fits) return false;
        }

        return true;
    }

    /// <summary>A partition value that its type cannot hold: a decimal that is rounded down to one with more digits.</summary>
    public ArgumentException Unpartitionable(PartitionField field, object value, string problem, long row) => new(
        string.Create(
            CultureInfo.InvariantCulture, $"Row {row}: the value of column '{_schema.NameOf(field.SourceId)}' of table '{_table}' ")
        + $"has the partition value {Shown(value)} ({field.Transform}), which its type cannot hold: {problem}. {NotAdded} Use a smaller "
        + "width, or no transform.");

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
            case (MapType map, IDictionary pairs):
                return Map(
                    name, map, pairs.Keys.Cast<object>().Select(key => KeyValuePair.Create<object?, object?>(key, pairs[key])), place);
            case (PrimitiveType primitive, _): return Convert(name, primitive, value, place);
            case (StructType wanted, _):
                throw Wrong(name, type, string.Create(CultureInfo.InvariantCulture, $"it is not object[{wanted.Fields.Length}]"),
                    value, place);
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

    private ArgumentException Missing(string name, RowPlace place) => new(
        string.Create(CultureInfo.InvariantCulture, $"Row {place.Row}: column '{name}' of table '{_table}' is required and got no value. ")
        + $"{NotAdded} Give it a value, or make the column optional.");

    private ArgumentException Wrong(string name, IcebergType type, string? problem, object? value, RowPlace place)
    {
        var shown = value is null or (IEnumerable and not (string or byte[])) ? "the value" : Shown(value);
        return new(
            string.Create(CultureInfo.InvariantCulture,
                $"Row {place.Row}: {shown} is no value of column '{name}' of table '{_table}', which is {type}")
            + $"{(problem is null ? "" : ": " + problem)}. {NotAdded} Change the value, or give the table a column that holds it.");
    }

    private static string Shown(object? value)
    {
        var text = value is byte[] bytes
            ? System.Convert.ToHexString(bytes) : System.Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length > MostShown ? $"'{text[..MostShown]}…'" : $"'{text}'";
    }

    /// <param name="Row">Number of the row.</param>
    /// <param name="IsStored">True: it is in the table already.</param>
    private readonly record struct RowPlace(long Row, bool IsStored);
}

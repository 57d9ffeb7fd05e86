using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Dlt.Hashing;
using Dlt.Naming;
using Dlt.Types;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>
/// The rules of docs/spec/pipeline.md 3 and 6 in the plainest code: one item at a time, rows as dictionaries, System.Text.Json as parser.
/// It has no shapes, buffers, chunks or workers. It shares names, hashes and the coercion of single values with the product, because
/// golden vectors test those one by one.
/// </summary>
internal sealed class ReferenceNormalizer
{
    private static readonly NamingConvention Naming = NamingConvention.Create("snake_case", 255);
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    private readonly Dictionary<string, (List<string> Names, Dictionary<string, DataType> Types)> _columns = [];
    private readonly Dictionary<string, List<Dictionary<string, string>>> _rows = [];
    private long _ids;

    /// <summary>
    /// The outcome of some items: columns in order with their types, and the rows of every table; "error" when one of them cannot be
    /// loaded.
    /// </summary>
    public static string Normalise(IEnumerable<string> items)
    {
        var reference = new ReferenceNormalizer();
        try
        {
            foreach (var item in items)
            {
                using var document = JsonDocument.Parse(item, Options);
                if (document.RootElement.ValueKind == JsonValueKind.Object) reference.Row(document.RootElement, ["items"], null, 0);
                else reference.Row([("value", document.RootElement)], ["items"], null, 0);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            return "error";
        }

        return Text(
            reference._columns.ToDictionary(t => t.Key, t => t.Value.Names.Select(n => $"{n} {t.Value.Types[n].Name()}").ToList()),
            reference._rows);
    }

    public static string Text(Dictionary<string, List<string>> columns, Dictionary<string, List<Dictionary<string, string>>> rows)
    {
        var text = new StringBuilder();
        foreach (var (table, names) in columns.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            text.Append(table).Append(": ").AppendJoin(", ", names).Append('\n');
            foreach (var row in rows.GetValueOrDefault(table) ?? [])
                text.AppendJoin(' ', row.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={v.Value}")).Append('\n');
        }

        return text.ToString();
    }

    private void Row(JsonElement item, string[] path, string? parentId, int index) =>
        Row([.. item.EnumerateObject().Select(p => (p.Name, p.Value))], path, parentId, index);

    private void Row(List<(string Name, JsonElement Value)> members, string[] path, string? parentId, int index)
    {
        var table = Naming.ShortenFragments(path);
        var fields = new List<(string Column, JsonElement? Json, DataValue? Value)>();
        var lists = new List<(string[] Path, JsonElement List)>();

        // Scalars and lists of a level in order, then the objects in it, the last one first; a name that comes again has the same value, or
        // one of the two is null.
        var objects = new Stack<(List<(string Name, JsonElement Value)> Members, string[] Path)>();
        objects.Push((members, []));
        while (objects.TryPop(out var level))
        {
            var distinct = level.Members.GroupBy(m => m.Name).Select(g => (g.Key, g.Last().Value));
            foreach (var (name, value) in distinct)
            {
                string[] column = [.. level.Path, Identifier(name, Naming.NormalizePath)];
                if (value.ValueKind == JsonValueKind.Object)
                    objects.Push(([.. value.EnumerateObject().Select(p => (p.Name, p.Value))], column));
                else if (value.ValueKind == JsonValueKind.Array)
                    Set(lists, [.. level.Path, Identifier(name, Naming.NormalizeTablesPath)], value);
                else Set(fields, Naming.ShortenFragments(column), value);
            }
        }

        string id;
        if (parentId is null)
        {
            fields.RemoveAll(f => f.Column is "_dlt_load_id" or "_dlt_id");
            fields.Add(("_dlt_load_id", null, DataValue.Text("1.0")));
            id = (++_ids).ToString("D14", CultureInfo.InvariantCulture);
        }
        else
        {
            fields.Add(("_dlt_parent_id", null, DataValue.Text(parentId)));
            fields.Add(("_dlt_list_idx", null, DataValue.Bigint(index)));
            Span<byte> hash = stackalloc byte[DltHash.RowIdChars];
            DltHash.ChildRowId(Encoding.UTF8.GetBytes(parentId), Encoding.UTF8.GetBytes(table), index, hash);
            id = Encoding.ASCII.GetString(hash);
        }

        fields.Add(("_dlt_id", null, DataValue.Text(id)));
        Write(table, fields);
        foreach (var (listPath, list) in lists)
        {
            var at = 0;
            foreach (var element in list.EnumerateArray())
            {
                string[] child = [.. path, .. listPath];
                if (element.ValueKind == JsonValueKind.Object) Row(element, child, id, at);
                else Row([(element.ValueKind == JsonValueKind.Array ? "list" : "value", element)], child, id, at);
                at++;
            }
        }
    }

    private void Write(string table, List<(string Column, JsonElement? Json, DataValue? Value)> fields)
    {
        var known = _columns.TryGetValue(table, out var columns) ? columns : ([], []);
        var row = new Dictionary<string, string>();
        var added = new List<(string Name, DataType Type)>();
        foreach (var (column, json, own) in fields)
        {
            if ((own ?? ValueOf(json!.Value)) is not { } value) continue;
            var (name, type, coerced) = Place(known.Types, column, value);
            if (!known.Types.ContainsKey(name) && !added.Exists(a => a.Name == name)) added.Add((name, type));
            row[name] = TextOf(coerced);
        }

        foreach (var (name, type) in added)
        {
            known.Names.Add(name);
            known.Types[name] = type;
        }

        _columns[table] = known;
        if (!_rows.TryGetValue(table, out var rows)) _rows[table] = rows = [];
        rows.Add(row);
    }

    /// <summary>
    /// A value goes to its column if it can be made of its type, else to the variant of its own type, which must take it.
    /// </summary>
    private static (string Name, DataType Type, DataValue Value) Place(Dictionary<string, DataType> types, string column, DataValue value)
    {
        var type = types.TryGetValue(column, out var known) ? known : Infer(value);
        if (Fits(value, type, out var coerced)) return (column, type, coerced);
        var variant = value.Type == DataType.Bigint && !IsInt64(value.AsInteger)
            ? BigInteger.Abs(value.AsInteger) < BigInteger.Pow(10, 38)
                ? DataValue.Decimal(BigDecimal.FromInteger(value.AsInteger))
                : DataValue.Text(value.ToString())
            : value;
        var name = Naming.ShortenFragments(column, "v_" + variant.Type.Name());
        var variantType = types.TryGetValue(name, out var taken) ? taken : Infer(variant);
        if (!Fits(variant, variantType, out coerced)) throw new InvalidDataException($"{name} cannot take {variant}");
        return (name, variantType, coerced);
    }

    private static bool Fits(DataValue value, DataType type, out DataValue coerced)
    {
        if (!Coercion.TryCoerce(value, type, out coerced)) return false;
        return type switch
        {
            DataType.Bigint => IsInt64(coerced.AsInteger),
            DataType.Double =>
                value.Type == DataType.Bigint
                ? new BigInteger(coerced.AsDouble) == value.AsInteger
                : value.Type != DataType.Text || double.IsFinite(coerced.AsDouble) || !value.AsText.Any(char.IsAsciiDigit),
            DataType.Decimal => coerced.AsDecimal.TryToUnscaled(38, 0, out _),   // decimals come only as variants of integers here
            _ => true,
        };
    }

    private static DataType Infer(DataValue value) => TypeDetection.Detect(["iso_timestamp"], value, default) ?? value.Type;

    private static bool IsInt64(BigInteger value) => value >= long.MinValue && value <= long.MaxValue;

    private static DataValue? ValueOf(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Null: return null;
            case JsonValueKind.True: return DataValue.Bool(true);
            case JsonValueKind.False: return DataValue.Bool(false);
            case JsonValueKind.String: return Dlt.Types.TypedJson.Decode(json.GetString()!);
            default:
                var text = json.GetRawText();
                if (!text.Contains('.', StringComparison.Ordinal) && !text.Contains('e', StringComparison.OrdinalIgnoreCase))
                    return DataValue.Bigint(BigInteger.Parse(text, CultureInfo.InvariantCulture));
                var number = double.Parse(text, CultureInfo.InvariantCulture);
                return double.IsFinite(number) ? DataValue.Double(number) : DataValue.Text(text);
        }
    }

    private static string TextOf(DataValue value) => value.Type switch
    {
        DataType.Timestamp => value.AsTimestamp.UtcMicros.ToString(CultureInfo.InvariantCulture),
        DataType.Time => value.AsTimeMicros.ToString(CultureInfo.InvariantCulture),
        DataType.Date => value.AsDays.ToString(CultureInfo.InvariantCulture),
        DataType.Double => BitConverter.DoubleToInt64Bits(value.AsDouble).ToString(CultureInfo.InvariantCulture),
        DataType.Text => Convert.ToHexString(Encoding.UTF8.GetBytes(value.AsText)),
        DataType.Binary => Convert.ToHexString(value.AsBinary),
        _ => value.ToString()!,
    };

    private static string Identifier(string name, Func<string, string> normalize) =>
        string.IsNullOrWhiteSpace(name) ? "_empty" : normalize(name) is { Length: > 0 } path ? path : Naming.NormalizeIdentifier(name);

    private static void Set(List<(string Column, JsonElement? Json, DataValue? Value)> fields, string column, JsonElement value)
    {
        var at = fields.FindIndex(f => f.Column == column);
        if (at < 0) fields.Add((column, value, null));
        else if (fields[at].Json is not { ValueKind: not JsonValueKind.Null } known) fields[at] = (column, value, null);
        else if (value.ValueKind != JsonValueKind.Null && value.GetRawText() != known.GetRawText())
            throw new InvalidDataException($"{column} has two values");
    }

    private static void Set(List<(string[] Path, JsonElement List)> lists, string[] path, JsonElement list)
    {
        var at = lists.FindIndex(l => l.Path.SequenceEqual(path));
        if (at < 0) lists.Add((path, list));
        else if (lists[at].List.GetArrayLength() == 0) lists[at] = (path, list);
        else if (list.GetArrayLength() > 0 && list.GetRawText() != lists[at].List.GetRawText())
            throw new InvalidDataException($"{string.Join("__", path)} has two lists");
    }
}

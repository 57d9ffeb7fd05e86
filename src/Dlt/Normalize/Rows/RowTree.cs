using System.Text;
using Dlt.Hashing;
using Dlt.Items;
using Dlt.Names;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>One row made from an item: names are identifiers, values are as extracted.</summary>
internal sealed record TreeRow(
    string Table, string? ParentTable, List<KeyValuePair<string, JsonValue>> Fields, RowOrigin Origin = RowOrigin.Items);

/// <summary>
/// Splits an item into rows, parents before children (docs/spec/pipeline.md 6.1 to 6.5). It is the exact path: it applies every rule, one
/// item at a time.
/// </summary>
/// <param name="schema">
/// Schema with the names and nesting limits. Its propagation rules are read once, so a rule that a new table adds applies from the next
/// package on.
/// </param>
/// <param name="capabilities">Capabilities of the destination, which decide the kind of row ids.</param>
/// <param name="loadId">Value of <c>_dlt_load_id</c>.</param>
/// <param name="ids">Source of random ids.</param>
/// <param name="former">Earlier column names, which keys without a usable name keep.</param>
internal sealed class RowTree(Schema schema, DestinationCapabilities capabilities, string loadId, IRowIdSource ids, FormerNames former)
{
    private const string ListPart = "list";
    private const string ValuePart = "value";

    private readonly NestingRules _nesting = new(schema, capabilities);
    private readonly string _loadIdColumn = schema.Naming.NormalizeIdentifier(SystemTables.LoadId);
    private readonly string _rowIdColumn = schema.Naming.NormalizeIdentifier(SystemTables.RowId);
    private readonly string _parentIdColumn = schema.Naming.NormalizeIdentifier(SystemTables.ParentId);
    private readonly string _listIndexColumn = schema.Naming.NormalizeIdentifier(SystemTables.ListIndex);
    private readonly JsonValue? _propagation = schema.Normalizers["json"]?["config"]?["propagation"] is { Kind: JsonKind.Object } rules
        ? rules
        : null;

    /// <summary>
    /// Calls <paramref name="visit"/> with every row of an item. If it returns false, the nested rows of that row are left out.
    /// </summary>
    public void Visit(JsonValue item, string table, Func<TreeRow, bool> visit)
    {
        if (item.Kind != JsonKind.Object) item = JsonValue.Object((ValuePart, item));
        Row(item, [table], [], null, 0, Nesting(table), isRoot: true, [], ItemPlace.Root, visit);
    }

    /// <inheritdoc cref="NestingRules.Of"/>
    public int Nesting(string table) => _nesting.Of(table);

    /// <inheritdoc cref="NestingRules.StaysNested"/>
    public bool StaysNested(string table, string column, int level) => _nesting.StaysNested(table, column, level);

    /// <inheritdoc cref="FormerNames.Identifier"/>
    public string Identifier(string table, string[] path, string key) => former.Identifier(schema, table, path, key);

    /// <inheritdoc cref="FormerNames.TablePart"/>
    public string TablePart(string[] path, string key) => former.TablePart(schema, path, key);

    private void Row(
        JsonValue item, string[] path, string[] parentPath, JsonValue? parentId, int index, int level, bool isRoot,
        List<KeyValuePair<string, JsonValue>> inherited, ItemPlace place, Func<TreeRow, bool> visit)
    {
        var table = schema.Naming.ShortenFragments(path);
        var isRootTable = isRoot || (schema.TryGetTable(table, out var known) && known.Parent is null);
        var found = new ItemFields(table, schema.Naming);
        Flatten(item, path, table, level, found, place);
        var fields = found.Fields;
        foreach (var field in inherited) Set(fields, field.Key, field.Value);

        var rowId = AddKeys(table, item, fields, isRootTable, parentId, index);
        var propagated = Propagated(table, fields, isRoot, inherited);
        if (!visit(new(table, parentPath.Length == 0 ? null : schema.Naming.ShortenFragments(parentPath), fields))) return;
        foreach (var (listPath, list, listPlace) in found.Lists)
            List(list, [.. path, .. listPath], path, rowId, level - 1, propagated, listPlace, visit);
    }

    private void List(
        JsonValue list, string[] path, string[] parentPath, JsonValue parentId, int level, List<KeyValuePair<string, JsonValue>> inherited,
        ItemPlace place, Func<TreeRow, bool> visit)
    {
        for (var index = 0; index < list.Items.Length; index++)
        {
            var element = list.Items[index];
            switch (element.Kind)
            {
                case JsonKind.Object:
                    Row(element, path, parentPath, parentId, index, level, isRoot: false, inherited, place.At(index), visit);
                    break;
                case JsonKind.Array:
                    // A row with only keys is the parent of the inner list's rows.
                    var inner = JsonValue.Object((ListPart, element));
                    Row(inner, path, parentPath, parentId, index, level - 1, isRoot: false, inherited, place.At(index), visit);
                    break;
                default:
                    var scalar = JsonValue.Object((ValuePart, element));
                    Row(scalar, path, parentPath, parentId, index, level, isRoot: false, inherited, place.At(index), visit);
                    break;
            }
        }
    }

    /// <summary>
    /// Collects the fields of an item: the scalars and lists of a level in order, then its nested objects, the last one first.
    /// </summary>
    private void Flatten(JsonValue item, string[] tablePath, string table, int level, ItemFields found, ItemPlace place)
    {
        var stack = new Stack<(JsonValue Item, string[] Path, int Level, ItemPlace Place)>();
        stack.Push((item, [], level, place));
        while (stack.TryPop(out var current))
        {
            foreach (var (key, value) in current.Item.Members)
            {
                var identifier = Identifier(table, current.Path, key);
                var column = current.Path.Length == 0
                    ? schema.ColumnPath("", identifier)
                    : schema.Naming.ShortenFragments([.. current.Path, identifier]);
                if (value.Kind is JsonKind.Object or JsonKind.Array && !StaysNested(table, column, current.Level))
                {
                    if (value.Kind == JsonKind.Object)
                        stack.Push((value, [.. current.Path, identifier], current.Level - 1, current.Place.At(key)));
                    else found.AddList([.. current.Path, TablePart([.. tablePath, .. current.Path], key)], value, current.Place, key);
                    continue;
                }

                found.Add(column, value, current.Place, key);
            }
        }
    }

    /// <summary>Sets a field. An existing field keeps its position and takes the new value.</summary>
    private static void Set(List<KeyValuePair<string, JsonValue>> fields, string name, JsonValue value)
    {
        var at = fields.FindIndex(f => f.Key == name);
        if (at < 0) fields.Add(new(name, value));
        else fields[at] = new(name, value);
    }

    private JsonValue AddKeys(
        string table, JsonValue item, List<KeyValuePair<string, JsonValue>> fields, bool isRootTable, JsonValue? parentId, int index)
    {
        if (isRootTable) Set(fields, _loadIdColumn, JsonValue.String(loadId));
        var at = fields.FindIndex(f => f.Key == _rowIdColumn);
        if (at >= 0 && IsGiven(fields[at].Value)) return fields[at].Value;

        string id;
        if (isRootTable)
        {
            id = RootId(table, item, fields);
        }
        else
        {
            fields.Add(new(_parentIdColumn, parentId!));
            fields.Add(new(_listIndexColumn, JsonValue.Integer(index)));
            Span<byte> hashed = stackalloc byte[DltHash.RowIdChars];
            var parent = Encoding.UTF8.GetBytes(DataValue.FromJson(parentId!).ToString()!);
            DltHash.ChildRowId(parent, Encoding.UTF8.GetBytes(table), index, hashed);
            id = Encoding.ASCII.GetString(hashed);
        }

        Set(fields, _rowIdColumn, JsonValue.String(id));
        return JsonValue.String(id);
    }

    /// <summary>Returns true when the data has its own row id; an empty one counts as missing.</summary>
    private static bool IsGiven(JsonValue id) => id.Kind switch
    {
        JsonKind.Null or JsonKind.False => false,
        JsonKind.String => id.AsString().Length > 0,
        JsonKind.Integer => !id.AsBigInteger().IsZero,
        _ => true,
    };

    private static KeyValuePair<string, JsonValue> KeyField(string table, string name, List<KeyValuePair<string, JsonValue>> fields)
    {
        var field = fields.Find(f => f.Key == name);
        if (field.Key is not null) return field;
        throw new SchemaException($"A row of table '{table}' has no '{name}', which is its primary key. {UnloadedPackage.State} "
            + "Give the field a value in the data, or correct the primary key.")
        { Table = table, Column = name };
    }

    private string RootId(string table, JsonValue item, List<KeyValuePair<string, JsonValue>> fields)
    {
        switch (RowIdKinds.Of(schema, capabilities, table))
        {
            case RowIdKind.KeyHash:
                var known = schema.Table(table);
                var key = JsonValue.Object(known.PrimaryKey.Select(name =>
                    KeyValuePair.Create(name, LongNumbers.OfKey(KeyField(table, name, fields).Value, known, name))));
                return DltHash.Shake(JsonText.WriteUtf8(key, sortKeys: true), DltHash.RowIdBytes);
            case RowIdKind.RowHash:
                var content = JsonValue.Object(item.Members.Where(m => !m.Key.StartsWith(SystemTables.Prefix, StringComparison.Ordinal)));
                return DltHash.Shake(JsonText.WriteUtf8(LongNumbers.OfRow(content, schema, table), sortKeys: true), DltHash.RowIdBytes);
            default:
                Span<byte> random = stackalloc byte[DltHash.RowIdChars];
                ids.Next(random);
                return Encoding.ASCII.GetString(random);
        }
    }

    /// <summary>Returns the fields that the nested rows of a row receive (docs/spec/pipeline.md 6.5).</summary>
    private List<KeyValuePair<string, JsonValue>> Propagated(
        string table, List<KeyValuePair<string, JsonValue>> fields, bool isRoot, List<KeyValuePair<string, JsonValue>> inherited)
    {
        if (_propagation is null) return inherited;
        // The rule of the table overrides that of the root for the same source column.
        var rules = (isRoot ? _propagation["root"]?.Members.AsEnumerable() ?? [] : [])
            .Concat(_propagation["tables"]?[table]?.Members.AsEnumerable() ?? []);
        List<KeyValuePair<string, JsonValue>>? result = null;
        foreach (var (from, to) in JsonValue.Object(rules).Members)
        {
            var at = fields.FindIndex(f => f.Key == from);
            if (at < 0) continue;
            result ??= [.. inherited];
            Set(result, to.AsString(), fields[at].Value);
        }

        return result ?? inherited;
    }
}

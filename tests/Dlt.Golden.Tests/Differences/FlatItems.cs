using Dlt.Golden.Units;
using Dlt.Json;
using Dlt.Naming;

namespace Dlt.Golden.Differences;

/// <summary>Two keys of one item with one name, and with values that are not one value.</summary>
/// <param name="First">JSON path.</param>
/// <param name="Second">JSON path.</param>
/// <param name="Name">The column; the table of two lists.</param>
internal sealed record NameConflict(string First, string Second, string Name);

/// <summary>A name that dlt gives to a table or column, and ours.</summary>
internal readonly record struct NamePair(string Dlt, string Ours);

/// <summary>
/// Items taken apart into rows by dlt's rules (docs/spec/pipeline.md 6), with our names next to those of dlt. Types are ignored.
/// </summary>
/// <param name="names">Our names.</param>
/// <param name="maxNesting">Levels that are taken apart.</param>
internal sealed class FlatItems(OurNames names, int maxNesting = 1000)
{
    private static readonly string[] Markers =
        ["$decimal", "$datetime", "$date", "$time", "$bytes", "$uuid", "$int", "$float", "$repeat"];

    /// <summary>The first conflict of all items; null where each field has a name of its own.</summary>
    public NameConflict? Conflict { get; private set; }

    /// <summary>Our tables of lists, with the table around them and the table of the item.</summary>
    public HashSet<(string Table, string Parent, string Root)> Lists { get; } = [];

    public HashSet<NamePair> Tables { get; } = [];

    /// <summary>Columns, each in a table of dlt.</summary>
    public HashSet<(string Table, NamePair Column)> Columns { get; } = [];

    /// <summary>Rows by our table; nulls and lists are left out.</summary>
    public List<(string Table, JsonValue Row)> Rows { get; } = [];

    /// <summary>A name of dlt that corresponds to several of ours.</summary>
    public bool IsAmbiguous =>
        Tables.GroupBy(t => t.Dlt).Any(g => g.Count() > 1) || Columns.GroupBy(c => (c.Table, c.Column.Dlt)).Any(g => g.Count() > 1);

    /// <summary>A name that is not dlt's.</summary>
    public bool HasOwnNames => Tables.Any(t => t.Dlt != t.Ours) || Columns.Any(c => c.Column.Dlt != c.Column.Ours);

    /// <param name="item">An item.</param>
    /// <param name="table">Its table.</param>
    public void Add(JsonValue item, NamePair table) => Row(AsObject(item, "value"), [table], maxNesting, "$");

    private static bool IsObject(JsonValue value) => value.Kind == JsonKind.Object && !IsScalar(value);

    /// <summary>A typed value: <c>{"$type": …, "value": …}</c> of dlt/units, <c>{"$decimal": …}</c> of dlt/pipelines.</summary>
    private static bool IsScalar(JsonValue value) =>
        GoldenValue.IsTyped(value) || (value.Members.Count == 1 && Markers.Contains(value.Members.First().Key));

    private static JsonValue AsObject(JsonValue item, string name) => IsObject(item) ? item : JsonValue.Object((name, item));

    private NamePair Join(IEnumerable<NamePair> parts) =>
        new(names.Naming.ShortenFragments(parts.Select(p => p.Dlt)), names.Naming.ShortenFragments(parts.Select(p => p.Ours)));

    private static string PathOf(string around, string key) =>
        key.Length > 0 && key.All(c => char.IsLetterOrDigit(c) || c == '_') ? $"{around}.{key}" : $"{around}['{key}']";

    private void Row(JsonValue item, NamePair[] path, int level, string place)
    {
        var table = Join(path);
        Tables.Add(table);
        var fields = new Dictionary<string, (JsonValue Value, string Place)>();
        var lists = new Dictionary<string, (JsonValue List, string Place, NamePair[] Path)>();
        var stack = new Stack<(JsonValue Item, NamePair[] Path, int Level, string Place)>();
        stack.Push((item, [], level, place));
        while (stack.TryPop(out var current))
        {
            foreach (var (key, value) in current.Item.Members)
            {
                NamePair[] own = [.. current.Path, new(names.KeyOfDlt(key), names.Key(key))];
                var at = PathOf(current.Place, key);
                if (current.Level > 0 && IsObject(value))
                {
                    stack.Push((value, own, current.Level - 1, at));
                }
                else if (current.Level > 0 && value.Kind == JsonKind.Array)
                {
                    // A list with a blank key lands in the table around it.
                    var last = new NamePair(Blank.IsBlank(key) ? "" : names.KeyOfDlt(key), names.Key(key, isTable: true));
                    NamePair[] listPath = [.. path, .. current.Path, last];
                    var name = Join(listPath).Ours;
                    if (!lists.TryGetValue(name, out var known) || known.List.Items.Length == 0) lists[name] = (value, at, listPath);
                    else if (value.Items.Length > 0 && !value.Equals(known.List)) Conflict ??= new(known.Place, at, name);
                }
                else
                {
                    var column = Join(own);
                    Columns.Add((table.Dlt, column));
                    if (!fields.TryGetValue(column.Ours, out var known) || known.Value.IsNull) fields[column.Ours] = (value, at);
                    else if (!value.IsNull && !value.Equals(known.Value)) Conflict ??= new(known.Place, at, column.Ours);
                }
            }
        }

        Rows.Add(
            (table.Ours,
                JsonValue.Object(fields.Where(f => !f.Value.Value.IsNull).Select(f => KeyValuePair.Create(f.Key, f.Value.Value)))));
        foreach (var (name, list) in lists.Where(l => l.Value.List.Items.Length > 0))
        {
            Lists.Add((name, table.Ours, path[0].Ours));
            for (var i = 0; i < list.List.Items.Length; i++) Element(list.List.Items[i], list.Path, level - 1, $"{list.Place}[{i}]");
        }
    }

    private void Element(JsonValue element, NamePair[] path, int level, string place)
    {
        if (element.Kind == JsonKind.Array) Row(JsonValue.Object(("list", element)), path, level - 1, place);
        else Row(AsObject(element, "value"), path, level, place);
    }
}

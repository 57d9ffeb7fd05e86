namespace Dlt.Normalize.Rows;

/// <summary>
/// Collects the fields and lists of one row under their identifiers. Two keys with the same identifier are one field if no value is lost:
/// their values are equal, or one of them is null.
/// </summary>
internal sealed class ItemFields(string table, NamingConvention naming)
{
    private const int LookUpAbove = 64;

    private readonly List<(ItemPlace Around, string Key)> _places = [];
    private readonly Dictionary<string, int> _lists = new(StringComparer.Ordinal);   // by table
    private Dictionary<string, int>? _index;

    public List<KeyValuePair<string, JsonValue>> Fields { get; } = [];

    public List<(string[] Path, JsonValue List, ItemPlace Place)> Lists { get; } = [];

    /// <exception cref="UnloadableItemException">The field already has another value.</exception>
    public void Add(string column, JsonValue value, ItemPlace around, string key)
    {
        var at = Find(column);
        if (at < 0)
        {
            _index?.Add(column, Fields.Count);
            Fields.Add(new(column, value));
            _places.Add((around, key));
            return;
        }

        var known = Fields[at].Value;
        if (value.IsNull || value.Equals(known)) return;
        if (!known.IsNull)
            throw UnloadableItemException.TwoKeys(table, column, isList: false, _places[at].Around.At(_places[at].Key), around.At(key));
        Fields[at] = new(column, value);
        _places[at] = (around, key);
    }

    /// <param name="path">Parts of the list's table name, below the table of this row.</param>
    /// <param name="list">The list.</param>
    /// <param name="around">Place of the object that holds the list.</param>
    /// <param name="key">Key of the list in that object.</param>
    /// <exception cref="UnloadableItemException">Another list already has the same table.</exception>
    public void AddList(string[] path, JsonValue list, ItemPlace around, string key)
    {
        var name = naming.ShortenFragments([table, .. path]);
        if (_lists.TryAdd(name, Lists.Count))
        {
            Lists.Add((path, list, around.At(key)));
            return;
        }

        var at = _lists[name];
        var known = Lists[at].List;
        if (list.Items.Length == 0 || list.Equals(known)) return;
        if (known.Items.Length > 0) throw UnloadableItemException.TwoKeys(table, name, isList: true, Lists[at].Place, around.At(key));
        Lists[at] = (path, list, around.At(key));
    }

    private int Find(string column)
    {
        if (Fields.Count <= LookUpAbove) return Fields.FindIndex(f => f.Key == column);
        if (_index is null)
        {
            _index = new(Fields.Count * 2, StringComparer.Ordinal);
            for (var i = 0; i < Fields.Count; i++) _index.Add(Fields[i].Key, i);
        }

        return _index.GetValueOrDefault(column, -1);
    }
}

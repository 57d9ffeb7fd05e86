using Dlt.Json;
using Dlt.Naming;

namespace Dlt.Normalize.Rows;

/// <summary>
/// The fields and lists of one row under their identifiers. Two keys with one identifier are one field as long as no value is lost by it:
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

    /// <exception cref="UnloadableItemException">The field has another value already.</exception>
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

    /// <param name="path">Parts of the name of its table below this row's.</param>
    /// <param name="list">The list.</param>
    /// <param name="around">Where it stands.</param>
    /// <param name="key">Its key there.</param>
    /// <exception cref="UnloadableItemException">Another list has the same table.</exception>
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

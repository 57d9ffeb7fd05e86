using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Dlt;

/// <summary>Members of a JSON object in their order, with lookup by name.</summary>
public sealed class JsonMembers : IReadOnlyCollection<KeyValuePair<string, JsonValue>>
{
    private const int LinearSearchLimit = 8;

    private readonly List<KeyValuePair<string, JsonValue>> _members;
    private Dictionary<string, int>? _index;

    internal JsonMembers(IEnumerable<KeyValuePair<string, JsonValue>> members)
    {
        _members = [];
        foreach (var member in members)
        {
            var at = IndexOf(member.Key);
            if (at >= 0)
            {
                _members[at] = member;
                continue;
            }

            _members.Add(member);
            if (_index is not null) _index[member.Key] = _members.Count - 1;
            else if (_members.Count > LinearSearchLimit) BuildIndex();
        }
    }

    /// <summary>Number of members.</summary>
    public int Count => _members.Count;

    /// <summary>Names of the members, in their order.</summary>
    public IEnumerable<string> Names => _members.Select(m => m.Key);

    /// <summary>True when a member of that name exists.</summary>
    public bool Contains(string name) => IndexOf(name) >= 0;

    /// <summary>Finds the member with a name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out JsonValue? value)
    {
        var at = IndexOf(name);
        value = at < 0 ? null : _members[at].Value;
        return at >= 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, JsonValue>> GetEnumerator() => _members.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name)
    {
        if (_index is not null) return _index.TryGetValue(name, out var at) ? at : -1;
        for (var i = 0; i < _members.Count; i++)
            if (_members[i].Key == name) return i;
        return -1;
    }

    private void BuildIndex()
    {
        _index = new(_members.Count, StringComparer.Ordinal);
        for (var i = 0; i < _members.Count; i++) _index[_members[i].Key] = i;
    }
}

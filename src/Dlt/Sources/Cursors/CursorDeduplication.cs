using Dlt.Json;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Tells the items at the last value of a cursor apart by hashes: those of the runs before, and those of this run (docs/spec/pipeline.md 8.3).
/// </summary>
/// <param name="before">Hashes that the state holds, of the items at the value where the run begins.</param>
internal sealed class CursorDeduplication(IReadOnlyList<string> before)
{
    private const int MaxUnhashed = 256;

    private readonly HashSet<string> _loaded = [.. before];
    private readonly bool _isLegacy = before.Any(h => h.Length == UniqueValue.LegacyLength);   // of before dlt 1.29
    private readonly List<Func<JsonValue>> _waiting = [];   // not hashed yet: most are left behind by the next item
    private readonly List<string> _hashes = [];
    private bool _isKeyList;   // the hashes of the runs before are of a key given as a list of one field
    private bool _isBeyond;

    /// <summary>Hashes of the items at the last value, for the state; without order.</summary>
    public IEnumerable<string> Hashes
    {
        get
        {
            Hash();
            return (_isBeyond ? _hashes : before.Concat(_hashes)).Distinct(StringComparer.Ordinal);
        }
    }

    /// <summary>
    /// True when an earlier run loaded the item. Hashes of before dlt 1.29 are matched in their form, and never mixed with the new one. A
    /// key of one field is matched as its value and as a list of it, as Python dlt hashes keys that are given as a list; later hashes take
    /// the form that matched.
    /// </summary>
    /// <param name="hashed">What identifies the item: its key, or all of it.</param>
    /// <param name="isKeyOfOneField">True when it is the value of a key of one field.</param>
    public bool IsLoaded(JsonValue hashed, bool isKeyOfOneField)
    {
        if (_loaded.Count == 0) return false;
        if (HasHash(hashed)) return true;
        if (!isKeyOfOneField || !HasHash(JsonValue.Array([hashed]))) return false;
        _isKeyList = true;
        return true;
    }

    /// <summary>An item has the last value.</summary>
    /// <param name="hashed">Gives what identifies the item. It is asked for later, and only if no later value comes.</param>
    public void Add(Func<JsonValue> hashed)
    {
        _waiting.Add(hashed);
        if (_waiting.Count == MaxUnhashed) Hash();
    }

    /// <summary>A later value came: the items before are left behind.</summary>
    public void Restart()
    {
        _isBeyond = true;
        _waiting.Clear();
        _hashes.Clear();
    }

    /// <summary>Hashes the items that wait, while they are still there.</summary>
    public void Hash()
    {
        var form = _isLegacy && !_isBeyond ? UniqueForm.LegacyZulu : UniqueForm.Current;
        foreach (var item in _waiting) _hashes.Add(UniqueValue.Of(_isKeyList ? JsonValue.Array([item()]) : item(), form));
        _waiting.Clear();
    }

    private bool HasHash(JsonValue hashed) => _isLegacy
        ? _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyZulu))
            || _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyOffset))
        : _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.Current));
}

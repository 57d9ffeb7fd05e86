namespace Dlt.Sources.Cursors;

/// <summary>
/// Identifies items at the last value of a cursor by hashes, to skip those that earlier runs loaded (docs/spec/pipeline.md 8.3).
/// </summary>
/// <param name="before">Stored hashes of the items at the value where the run begins.</param>
internal sealed class CursorDeduplication(IReadOnlyList<string> before)
{
    private const int MaxUnhashed = 256;

    private readonly HashSet<string> _loaded = [.. before];
    private readonly bool _isLegacy = before.Any(h => h.Length == UniqueValue.LegacyLength);   // hashes written before dlt 1.29
    private readonly List<Func<JsonValue>> _waiting = [];   // not hashed yet, because a later value usually makes them irrelevant
    private readonly List<string> _hashes = [];
    private bool _isKeyList;   // the stored hashes were made of a key given as a list of one field
    private bool _isBeyond;

    /// <summary>Hashes of the items at the last value, for the state; in no particular order.</summary>
    public IEnumerable<string> Hashes
    {
        get
        {
            Hash();
            return (_isBeyond ? _hashes : before.Concat(_hashes)).Distinct(StringComparer.Ordinal);
        }
    }

    /// <summary>
    /// Returns whether an earlier run loaded the item. Hashes from before dlt 1.29 are compared in their own form, and the two forms are
    /// never mixed. A key of one field is compared both as a value and as a list of one value, because Python dlt hashes keys that are
    /// given as a list; new hashes use the form that matched.
    /// </summary>
    /// <param name="hashed">Values that identify the item: its key, or the whole item.</param>
    /// <param name="isKeyOfOneField">True when the value is a key of one field.</param>
    public bool IsLoaded(JsonValue hashed, bool isKeyOfOneField)
    {
        if (_loaded.Count == 0) return false;
        if (HasHash(hashed)) return true;
        if (!isKeyOfOneField || !HasHash(JsonValue.Array([hashed]))) return false;
        _isKeyList = true;
        return true;
    }

    /// <summary>Adds an item that has the last value.</summary>
    /// <param name="hashed">Returns the values that identify the item. Called later, and only if no later cursor value follows.</param>
    public void Add(Func<JsonValue> hashed)
    {
        _waiting.Add(hashed);
        if (_waiting.Count == MaxUnhashed) Hash();
    }

    /// <summary>Discards the items before, because a later value was found.</summary>
    public void Restart()
    {
        _isBeyond = true;
        _waiting.Clear();
        _hashes.Clear();
    }

    /// <summary>Hashes the waiting items while their batch or object is still valid.</summary>
    public void Hash()
    {
        var form = _isLegacy && !_isBeyond ? UniqueForm.LegacyZulu : UniqueForm.Current;
        foreach (var hashed in _waiting)
        {
            var value = hashed();
            _hashes.Add(UniqueValue.Of(_isKeyList ? JsonValue.Array([value]) : value, form));
        }

        _waiting.Clear();
    }

    private bool HasHash(JsonValue hashed) => _isLegacy
        ? _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyZulu))
            || _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyOffset))
        : _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.Current));
}

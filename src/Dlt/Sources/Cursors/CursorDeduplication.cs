namespace Dlt.Sources.Cursors;

/// <summary>
/// Identifies items at the last value of a cursor by hashes, to skip those that earlier runs loaded (docs/spec/pipeline.md 8.3).
/// </summary>
/// <param name="before">Stored hashes of the items at the value where the run begins.</param>
/// <param name="isKeyOfOneField">Returns whether the key has one field.</param>
internal sealed class CursorDeduplication(IReadOnlyList<string> before, Func<bool> isKeyOfOneField)
{
    /// <summary>Number of hashes from which on a run warns.</summary>
    public const int ManyHashes = 200;

    /// <summary>Largest number of hashes that a state holds.</summary>
    public const int MaxHashes = 100_000;

    private const int MaxUnhashed = 256;

    private readonly HashSet<string> _loaded = [.. before];
    private readonly bool _isLegacy = before.Any(h => h.Length == UniqueValue.LegacyLength);   // hashes written before dlt 1.29
    private readonly List<(IBorderItems Items, int Row)> _waiting = [];
    private readonly HashSet<string> _hashes = new(StringComparer.Ordinal);
    private bool _isKeyList;   // the stored hashes were made of a key given as a list of one field
    private bool _isBeyond;

    /// <summary>Hashes of the items at the last value, for the state; in no particular order.</summary>
    public IReadOnlyCollection<string> Hashes
    {
        get
        {
            Hash();
            return _isBeyond ? _hashes : _hashes.Union(before).ToList();
        }
    }

    /// <summary>True when more items have the last value than a state can hold hashes.</summary>
    public bool IsFull => _hashes.Count > MaxHashes;

    /// <summary>
    /// Returns whether an earlier run loaded the item. Hashes from before dlt 1.29 are compared in their own forms, and a list is extended
    /// in the form that it has. A key of one field is compared both as a value and as a list of one value, because Python dlt hashes keys
    /// that are given as a list; new hashes use the form that matched.
    /// </summary>
    public bool IsLoaded(IBorderItems items, int row)
    {
        if (_loaded.Count == 0) return false;
        var hashed = items.Identity(row);
        if (HasHash(hashed, items)) return true;
        if (!isKeyOfOneField() || !HasHash(JsonValue.Array([hashed]), items)) return false;
        _isKeyList = true;
        return true;
    }

    /// <summary>Adds an item that has the last value. It is hashed later, and only if no later value follows.</summary>
    public void Add(IBorderItems items, int row)
    {
        _waiting.Add((items, row));
        if (_waiting.Count >= MaxUnhashed && items.IsComplete) Hash();
    }

    /// <summary>Discards the items before, because a later value was found.</summary>
    public void Restart()
    {
        _isBeyond = true;
        _waiting.Clear();
        _hashes.Clear();
    }

    /// <summary>Takes the waiting items of a page out of it, because it is not valid any more or large.</summary>
    public void Keep()
    {
        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            var kept = _waiting[i].Items.Kept(_waiting[i].Row);
            if (kept == _waiting[i].Items) break;   // and so are those before
            _waiting[i] = (kept, 0);
        }
    }

    /// <summary>Hashes the waiting items while their batch or object is still valid.</summary>
    /// <param name="end">Row before which items are hashed. Later ones go on waiting.</param>
    public void Hash(int end = int.MaxValue)
    {
        var form = _isLegacy && !_isBeyond ? UniqueForm.LegacyZulu : UniqueForm.Current;
        var count = _waiting.FindIndex(w => w.Row >= end) is >= 0 and var first ? first : _waiting.Count;
        foreach (var (items, row) in _waiting.Take(count))
        {
            if (IsFull) break;   // the run fails if no later value follows
            var value = items.Identity(row);
            if (_isKeyList) value = JsonValue.Array([value]);
            _hashes.Add(UniqueValue.Of(value, form));
            if (items.HasColumnScale && form == UniqueForm.Current) _hashes.Add(UniqueValue.Of(value, UniqueForm.Trimmed));
        }

        _waiting.RemoveRange(0, count);
    }

    private bool HasHash(JsonValue hashed, IBorderItems items) =>
        _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.Current))
        || (items.HasColumnScale && _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.Trimmed)))
        || (_isLegacy && _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyZulu)))
        || (_isLegacy && _loaded.Contains(UniqueValue.Of(hashed, UniqueForm.LegacyOffset)));
}

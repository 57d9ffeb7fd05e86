namespace Dlt.Iceberg;

/// <summary>
/// A set of keys by their hashes (<see cref="KeyHash"/>), each with a number and marks. Keys that do not fit into memory are kept in
/// temporary files, up to 2³¹ − 1 keys. Adding and changing numbers is not safe for concurrent use; looking up and marking are.
/// </summary>
/// <param name="temporaryFolder">Folder of temporary files; null for the folder of the system.</param>
/// <param name="memoryBytes">Memory of the keys and their numbers. Beyond it, keys are kept in temporary files. A key takes 24 to 32
/// bytes.</param>
internal sealed class KeySet(string? temporaryFolder = null, long memoryBytes = KeySet.DefaultMemoryBytes) : IDisposable
{
    /// <summary>Memory of a set by default: about two million keys.</summary>
    public const long DefaultMemoryBytes = 64L << 20;

    private const int RecentShare = 4;   // a quarter of the memory holds keys that are not in files yet; the filter has the rest

    private readonly string _folder = temporaryFolder ?? Path.GetTempPath();
    private readonly KeyNumbers _numbers = new();
    private KeyMarks _marks = new();
    private KeyTable _recent = new();
    private SpilledKeys? _spilled;
    private int _spilledCount;

    /// <summary>Number of keys.</summary>
    public int Count => _spilledCount + _recent.Count;

    private bool IsFull => _spilled is null
        ? _recent.BytesWithOneMore + _numbers.Bytes > memoryBytes : _recent.BytesWithOneMore > memoryBytes / RecentShare;

    /// <summary>Adds a key.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="number">A number of the caller, such as that of a row.</param>
    /// <param name="index">Index of the key: 0, 1, 2, … in the order of adding. A key that was there keeps its index and number.</param>
    /// <returns>False when the set has the key already.</returns>
    /// <exception cref="IOException">The keys do not fit into memory, and the disk is full.</exception>
    public bool TryAdd(UInt128 hash, int number, out int index)
    {
        if (_spilled is not null && _spilled.MayHave(hash))
        {
            index = SpilledIndexOf(_spilled, hash);
            if (index >= 0) return false;
        }

        if (_recent.Count > 0 && IsFull && _recent.Find(hash) < 0) Spill();
        var isNew = _recent.TryAdd(hash, out var position);
        index = checked(_spilledCount + position);
        if (!isNew) return false;
        _spilled?.Announce(hash);
        _numbers[index] = number;
        return true;
    }

    /// <summary>Adds a key; does nothing when the set has it.</summary>
    public void Add(UInt128 hash) => TryAdd(hash, 0, out _);

    /// <summary>Changes the number of a key.</summary>
    public void SetNumber(int index, int number) => _numbers[index] = number;

    /// <summary>The number of a key.</summary>
    public int NumberOf(int index) => _numbers[index];

    /// <summary>Index of a key; -1 when the set does not have it.</summary>
    public int IndexOf(UInt128 hash)
    {
        if (_spilled is not { } spilled) return _recent.Find(hash);
        if (!spilled.MayHave(hash)) return -1;
        spilled.Settle();
        return SpilledIndexOf(spilled, hash);
    }

    /// <summary>True when the set has the key.</summary>
    public bool Contains(UInt128 hash) => IndexOf(hash) >= 0;

    /// <summary>Sets marks of a key.</summary>
    /// <param name="index">Index of the key.</param>
    /// <param name="marks">Bits of the caller.</param>
    public void Mark(int index, int marks) => _marks.Mark(index, marks);

    /// <summary>True when a key has all of the marks.</summary>
    public bool IsMarked(int index, int marks) => _marks.IsMarked(index, marks);

    /// <summary>Takes all marks back. Not safe for concurrent use.</summary>
    public void ClearMarks() => _marks = new();

    public void Dispose()
    {
        _spilled?.Dispose();
        _numbers.Dispose();
    }

    private int SpilledIndexOf(SpilledKeys spilled, UInt128 hash)
    {
        var position = _recent.Find(hash);
        return position >= 0 ? _spilledCount + position : spilled.Find(hash);
    }

    private void Spill()
    {
        var recent = _recent;
        var isFirst = _spilled is null;
        _spilled ??= new(_folder, memoryBytes - memoryBytes / RecentShare);
        if (isFirst)
            foreach (var (hash, _) in recent.InOrder()) _spilled.Announce(hash);

        var first = _spilledCount;
        _spilled.Add(recent.InOrder().Select(k => (k.Hash, first + k.Position)), recent.Count);
        _spilledCount += recent.Count;
        if (isFirst) _recent = new();   // the table that had all of the memory is too large
        else recent.Clear();
        _numbers.Spill(_folder);
    }
}

namespace Dlt.Iceberg;

/// <summary>
/// A set of keys by their hashes (<see cref="KeyHash"/>), each with a number and marks. Adding is not safe for concurrent use; looking up
/// and marking are.
/// </summary>
internal sealed class KeySet : IDisposable
{
    private readonly Dictionary<UInt128, int> _indexes = [];
    private readonly List<int> _numbers = [];
    private int[] _marks = new int[16];

    /// <summary>Number of keys.</summary>
    public int Count => _numbers.Count;

    /// <summary>Adds a key.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="number">A number of the caller, such as that of a row.</param>
    /// <param name="index">Index of the key: 0, 1, 2, … in the order of adding. A key that was there keeps its index and number.</param>
    /// <returns>False when the set has the key already.</returns>
    public bool TryAdd(UInt128 hash, int number, out int index)
    {
        index = _numbers.Count;
        if (!_indexes.TryAdd(hash, index))
        {
            index = _indexes[hash];
            return false;
        }

        _numbers.Add(number);
        if (index >= _marks.Length) Array.Resize(ref _marks, _marks.Length * 2);
        return true;
    }

    /// <summary>Adds a key; does nothing when the set has it.</summary>
    public void Add(UInt128 hash) => TryAdd(hash, 0, out _);

    /// <summary>Changes the number of a key.</summary>
    public void SetNumber(int index, int number) => _numbers[index] = number;

    /// <summary>The number of a key.</summary>
    public int NumberOf(int index) => _numbers[index];

    /// <summary>Index of a key; -1 when the set does not have it.</summary>
    public int IndexOf(UInt128 hash) => _indexes.TryGetValue(hash, out var index) ? index : -1;

    /// <summary>True when the set has the key.</summary>
    public bool Contains(UInt128 hash) => _indexes.ContainsKey(hash);

    /// <summary>Sets marks of a key.</summary>
    /// <param name="index">Index of the key.</param>
    /// <param name="marks">Bits of the caller.</param>
    public void Mark(int index, int marks) => Interlocked.Or(ref _marks[index], marks);

    /// <summary>True when a key has all of the marks.</summary>
    public bool IsMarked(int index, int marks) => (_marks[index] & marks) == marks;

    public void Dispose() => _indexes.Clear();
}

namespace Dlt.Iceberg;

/// <summary>Marks of keys: up to 32 bits for each key. A mark that no key has takes no memory. Safe for concurrent use.</summary>
internal sealed class KeyMarks
{
    private readonly MarkedKeys?[] _marks = new MarkedKeys?[32];

    /// <summary>Sets marks of a key.</summary>
    public void Mark(int index, int marks)
    {
        for (var bit = 0; bit < _marks.Length; bit++)
        {
            if ((marks >> bit & 1) == 0) continue;
            var keys = _marks[bit] ?? Interlocked.CompareExchange(ref _marks[bit], new(), null) ?? _marks[bit]!;
            keys.Add(index);
        }
    }

    /// <summary>True when a key has all of the marks.</summary>
    public bool IsMarked(int index, int marks)
    {
        for (var bit = 0; bit < _marks.Length; bit++)
            if ((marks >> bit & 1) != 0 && !(_marks[bit]?.Contains(index) ?? false)) return false;
        return true;
    }
}

namespace Dlt.Iceberg;

/// <summary>
/// Keys in temporary files, with a Bloom filter in memory that answers most look-ups of other keys. The files are sorted runs; eight runs
/// of a level become one run of the next level, so adding n keys writes each of them log₈ n times.
/// </summary>
/// <param name="folder">Folder of the files.</param>
/// <param name="filterBytes">Size of the Bloom filter.</param>
internal sealed class SpilledKeys(string folder, long filterBytes) : IDisposable
{
    private const int RunsOfLevel = 8;

    private readonly KeyFilter _filter = new(filterBytes);
    private readonly List<(KeyRun Run, int Level)> _runs = [];
    private readonly Lock _lock = new();
    private long _unsettled;
    private long _count;

    /// <summary>False only if neither <see cref="Announce"/> nor <see cref="Add"/> got the key.</summary>
    public bool MayHave(UInt128 hash) => _filter.MayHave(hash);

    /// <summary>Adds a key to the filter before <see cref="Add"/> gets it.</summary>
    public void Announce(UInt128 hash) => _filter.Add(hash);

    /// <summary>Adds keys that <see cref="Announce"/> got. Not safe for concurrent use.</summary>
    /// <param name="keys">The keys with their indexes, ordered by hash. No earlier call had them.</param>
    /// <param name="count">Number of the keys.</param>
    public void Add(IEnumerable<(UInt128 Hash, int Index)> keys, int count)
    {
        _runs.Add((KeyRun.Write(folder, keys), 0));
        _count += count;
        _unsettled += count;
        for (var level = 0; _runs.Count(r => r.Level == level) >= RunsOfLevel; level++)
            Merge(_runs.FindAll(r => r.Level == level), level + 1);
    }

    /// <summary>Index of a key; -1 when <see cref="Add"/> did not get it. Safe for concurrent use.</summary>
    public int Find(UInt128 hash)
    {
        for (var i = _runs.Count - 1; i >= 0; i--)
            if (_runs[i].Run.Find(hash) is >= 0 and var index) return index;
        return -1;
    }

    /// <summary>Merges the runs into one when many keys came since the last time, so look-ups read one block. Safe for concurrent use,
    /// also with <see cref="Find"/>, when each caller of it calls this method first.</summary>
    public void Settle()
    {
        if (Volatile.Read(ref _unsettled) == 0) return;
        lock (_lock)
        {
            if (_runs.Count > 1 && _unsettled * 4 >= _count) Merge([.. _runs], _runs.Max(r => r.Level));
            Volatile.Write(ref _unsettled, 0);
        }
    }

    public void Dispose()
    {
        foreach (var (run, _) in _runs) run.Dispose();
        _runs.Clear();
    }

    private void Merge(List<(KeyRun Run, int Level)> runs, int level)
    {
        var merged = KeyRun.Write(folder, Merged(runs.ConvertAll(r => r.Run.InOrder().GetEnumerator())));
        _runs.RemoveAll(runs.Contains);
        _runs.Add((merged, level));
        foreach (var (run, _) in runs) run.Dispose();
    }

    private static IEnumerable<(UInt128 Hash, int Index)> Merged(List<IEnumerator<(UInt128 Hash, int Index)>> runs)
    {
        var heads = new PriorityQueue<IEnumerator<(UInt128 Hash, int Index)>, UInt128>(runs.Count);
        foreach (var run in runs)
            if (run.MoveNext()) heads.Enqueue(run, run.Current.Hash);
        while (heads.TryPeek(out var least, out _))
        {
            yield return least.Current;
            if (least.MoveNext()) heads.DequeueEnqueue(least, least.Current.Hash);
            else heads.Dequeue();
        }
    }
}

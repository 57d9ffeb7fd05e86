namespace Dlt.Bench;

/// <summary>The random numbers of the generated files: splitmix64, upper bits.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a number from 0 to <paramref name="limit"/> − 1.</summary>
    public int Below(int limit) => (int)((Next() >> 33) % (ulong)limit);

    public T Pick<T>(T[] values) => values[Below(values.Length)];

    /// <summary>Returns true once in <paramref name="times"/> calls on average.</summary>
    public bool OneIn(int times) => Below(times) == 0;
}

using Dlt.Parquet;

namespace Dlt.Tests.Parquet.Columns;

/// <summary>Blocks of native memory pass from one owner to the next. A block with two owners would mix up the values of columns.</summary>
public sealed class NativeBlocksTests
{
    private const int KiB = 1 << 10;

    [Fact]
    public void No_two_arrays_share_memory_in_any_order_of_calls() => Parallel.For(0, 4, seed =>
    {
        var random = new Random(seed);
        var owned = new List<(NativeArray<long> Array, int Length, long Mark)>();
        for (var step = 0; step < 2_000; step++)
        {
            if (owned.Count < 12)
            {
                var array = new NativeArray<long>();
                owned.Add(Fill(array, random.Next(1, 100 * KiB), ((long)seed << 32) + step));
            }
            else
            {
                var at = random.Next(owned.Count);
                var (array, length, mark) = owned[at];
                if (random.Next(3) == 0) array.Reserve(length + random.Next(1, 20 * KiB));   // growing keeps the values
                Assert.Equal(-1, array.AsSpan(0, length).IndexOfAnyExcept(mark));
                array.Free();
                owned.RemoveAt(at);
            }
        }

        foreach (var (array, length, mark) in owned) Assert.Equal(-1, array.AsSpan(0, length).IndexOfAnyExcept(mark));
    });

    private static (NativeArray<long> Array, int Length, long Mark) Fill(NativeArray<long> array, int length, long mark)
    {
        array.Reserve(length);
        array.AsSpan(0, length).Fill(mark);
        return (array, length, mark);
    }
}

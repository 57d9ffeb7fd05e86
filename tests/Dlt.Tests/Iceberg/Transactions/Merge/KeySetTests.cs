using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

public sealed class KeySetTests : IDisposable
{
    private const long FewKeys = 20_000;   // bytes of memory, for about 200 keys before the first file

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KeySet.DefaultMemoryBytes, 20_000)]
    [InlineData(FewKeys, 20_000)]
    [InlineData(1, 300)]
    public void A_set_answers_as_a_dictionary_does_in_memory_and_in_files(long memoryBytes, int keys)
    {
        var random = new Random(5);
        var model = new Dictionary<UInt128, (int Index, int Number)>();
        using var set = new KeySet(_folder.Path, memoryBytes);
        for (var i = 0; i < keys * 2; i++)
        {
            var key = KeyHash.Of((long)random.Next(keys));
            var isNew = model.TryAdd(key, (model.Count, i % 3 * i));
            Assert.Equal(isNew, set.TryAdd(key, i % 3 * i, out var index));
            Assert.Equal(model[key].Index, index);
            var other = KeyHash.Of((long)random.Next(keys * 2));
            if (i % 5 == 0) Assert.Equal(model.TryGetValue(other, out var known) ? known.Index : -1, set.IndexOf(other));
            if (i % 7 != 0) continue;
            set.SetNumber(index, -i);
            model[key] = (index, -i);
        }

        Assert.Equal(model.Count, set.Count);
        for (long value = 0; value < keys * 2; value++)
        {
            var key = KeyHash.Of(value);
            Assert.Equal(model.TryGetValue(key, out var known) ? known.Index : -1, set.IndexOf(key));
            Assert.Equal(model.ContainsKey(key), set.Contains(key));
            if (model.ContainsKey(key)) Assert.Equal(known.Number, set.NumberOf(known.Index));
        }
    }

    [Fact]
    public void Keys_without_numbers_have_the_number_0()
    {
        using var set = new KeySet(_folder.Path, FewKeys);
        for (var i = 0L; i < 50_000; i++) set.Add(KeyHash.Of(i));
        Assert.Equal(0, set.NumberOf(0));
        set.SetNumber(set.IndexOf(KeyHash.Of(3L)), 33);
        Assert.Equal((33, 0, 0), (set.NumberOf(3), set.NumberOf(4), set.NumberOf(49_999)));
    }

    [Theory]
    [InlineData(KeySet.DefaultMemoryBytes)]
    [InlineData(FewKeys)]
    public void Several_threads_look_up_and_mark_at_the_same_time(long memoryBytes)
    {
        const int keys = 50_000, threads = 4;
        using var set = new KeySet(_folder.Path, memoryBytes);
        for (var i = 0L; i < keys; i++) set.Add(KeyHash.Of(i));
        Parallel.For(0, threads, thread =>
        {
            for (var i = 0; i < keys * 2; i++)
            {
                var index = set.IndexOf(KeyHash.Of((long)i));
                Assert.Equal(i < keys ? i : -1, index);
                if (i < keys && i % (thread + 2) == 0) set.Mark(index, 1 << thread);
            }
        });
        for (var i = 0; i < keys; i++)
        {
            for (var thread = 0; thread < threads; thread++) Assert.Equal(i % (thread + 2) == 0, set.IsMarked(i, 1 << thread));
            Assert.Equal(i % 6 == 0, set.IsMarked(i, 3));
            Assert.False(set.IsMarked(i, 1 << 31));
        }
    }

    [Fact]
    public void The_files_of_a_set_are_gone_when_it_is_disposed()
    {
        using (var set = new KeySet(_folder.File("keys"), FewKeys))
        {
            for (var i = 1; i < 20_000; i++) set.TryAdd(KeyHash.Of((long)i), i, out _);
            Assert.Equal(19_998, set.IndexOf(KeyHash.Of(19_999L)));
            Assert.Equal(19_999, set.NumberOf(19_998));
            // A file without a name is gone also when the process is killed. Windows deletes a named file then.
            if (!OperatingSystem.IsWindows()) Assert.Empty(Directory.EnumerateFiles(_folder.File("keys")));
        }

        Assert.Empty(Directory.EnumerateFiles(_folder.File("keys")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named()
    {
        var file = _folder.Write("file", "");
        using var set = new KeySet(file, FewKeys);
        var error = Assert.Throws<IOException>(() =>
        {
            for (var i = 0L; i < 20_000; i++) set.Add(KeyHash.Of(i));
        });
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was committed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_in_order_although_they_wrap_around_the_end_of_the_table()
    {
        var table = new KeyTable();
        var keys = new List<UInt128>();
        for (var i = 0; i < 30; i++)
        {
            keys.Add(new(ulong.MaxValue - (ulong)(i * 7919 % 30), (ulong)i));
            keys.Add(new((ulong)i << 50, (ulong)i));
        }

        foreach (var key in keys) Assert.True(table.TryAdd(key, out _));
        Assert.Equal(keys.Order(), table.InOrder().Select(k => k.Hash));
        Assert.All(table.InOrder(), k => Assert.Equal(keys[k.Position], k.Hash));
        table.Clear();
        Assert.Empty(table.InOrder());
        Assert.Equal(-1, table.Find(keys[0]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(203)]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(204 * 64)]
    [InlineData(204 * 64 + 1)]
    [InlineData(50_000)]
    public void A_run_has_each_of_its_keys_and_no_other(int count)
    {
        // Many keys share their upper half, so several blocks begin with the same one.
        var hashes = Enumerable.Range(0, count).Select(i => new UInt128((ulong)(i / 1000) * 2, (ulong)i));
        List<(UInt128 Hash, int Index)> keys = [.. hashes.Select((hash, i) => (hash, i * 3))];
        using var run = KeyRun.Write(_folder.Path, keys);
        Assert.Equal(count, run.Count);
        Assert.Equal(keys, run.InOrder());
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i * 3, run.Find(keys[i].Hash));
            Assert.Equal(-1, run.Find(keys[i].Hash + (UInt128.One << 64)));
        }
    }
}

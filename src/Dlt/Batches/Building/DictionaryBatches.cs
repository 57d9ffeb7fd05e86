using System.Runtime.CompilerServices;

namespace Dlt.Batches.Building;

/// <summary>Dictionaries of names and values in batches: as many as have the same names in the same order. One with a value that no column takes goes as it is.</summary>
internal sealed class DictionaryBatches
{
    private BatchBuilder? _batch;
    private object?[] _values = [];

    /// <summary>True for dictionaries of names and values.</summary>
    public static bool Suits(Type type) =>
        type == typeof(Dictionary<string, object?>) || type == typeof(IDictionary<string, object?>) || type == typeof(IReadOnlyDictionary<string, object?>);

    /// <summary>The items as pages of many.</summary>
    public static async IAsyncEnumerable<object?> FromAsync<T>(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = new DictionaryBatches();
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            foreach (var page in batches.Add(item)) yield return page;
        if (batches._batch is { Rows: > 0 } rest) yield return rest.Take();
    }

    /// <returns>The pages that are complete now.</returns>
    private object?[] Add(object? item)
    {
        if (item is not IEnumerable<KeyValuePair<string, object?>> entries || !entries.Any()) return [.. Flush(), item];
        object?[] before = [];
        if (!HasNamesOf(entries))
        {
            before = Flush();
            _batch = new BatchBuilder([.. entries.Select(e => e.Key)]);
            _values = new object?[_batch.Columns.Count];
        }

        var at = 0;
        foreach (var (_, value) in entries) _values[at++] = value;
        if (!_batch!.TryAdd(_values))
        {
            // Another type than before, or a value that is no scalar.
            before = [.. before, .. Flush()];
            if (!_batch.TryAdd(_values)) return [.. before, item];
        }

        return _batch.IsFull ? [.. before, _batch.Take()] : before;
    }

    private object?[] Flush() => _batch is { Rows: > 0 } batch ? [batch.Take()] : [];

    private bool HasNamesOf(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        if (_batch is null) return false;
        var at = 0;
        foreach (var (name, _) in entries)
            if (at >= _batch.Columns.Count || _batch.Columns[at++].Name != name) return false;
        return at == _batch.Columns.Count;
    }
}

using System.Reflection;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers items of any types into batches, in their order: as many as follow each other and are of one type. What is JSON already, and
/// what no column takes, stays as it is.
/// </summary>
internal sealed class ObjectBatches
{
    private const int MinItemsPerChange = 8;   // where types take turns, batches would be slower than JSON

    private static readonly MethodInfo RecordsMethod = typeof(ObjectBatches)
        .GetMethod(nameof(Records), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Dictionary<Type, ItemBatcher?> _batchers = [];
    private ItemBatcher? _current;
    private long _items = MinItemsPerChange * 16;
    private long _changes;

    /// <returns>What is complete now: batches, and items that no batch takes, all without a table.</returns>
    public Item[] Add(Item item)
    {
        var batcher = item is { Kind: ItemKind.Value, Value: { } value } ? BatcherOf(value.GetType()) : null;
        _items++;
        if (batcher == _current) return batcher is null ? [item] : batcher.Add(item.Value);
        var before = Flush();
        if (++_changes * MinItemsPerChange > _items) batcher = null;
        _current = batcher;
        return batcher is null ? [.. before, item] : [.. before, .. batcher.Add(item.Value)];
    }

    /// <returns>What is left, as one batch or none.</returns>
    public Item[] Flush() => _current?.Flush() ?? [];

    private ItemBatcher? BatcherOf(Type type)
    {
        if (_batchers.TryGetValue(type, out var known)) return known;
        TrimmedTypes.Check(type);
        var batcher = DictionaryBatches.Suits(type) ? new DictionaryBatches()
            : !type.IsPrimitive && !Item.HasOwnForm(type) ? (ItemBatcher?)RecordsMethod.MakeGenericMethod(type).Invoke(null, []) : null;
        _batchers.Add(type, batcher);
        return batcher;
    }

    private static RecordBatches<T>? Records<T>() => RecordBatches<T>.IsPossible ? new() : null;
}

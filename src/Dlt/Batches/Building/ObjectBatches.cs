using System.Reflection;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers items of any types into batches, in their order. A batch holds consecutive items of one type. JSON values, and objects that
/// columns do not support, are passed on unchanged.
/// </summary>
internal sealed class ObjectBatches
{
    private const int MinItemsPerChange = 8;   // if types alternate often, batches are slower than JSON

    private static readonly MethodInfo RecordsMethod = typeof(ObjectBatches)
        .GetMethod(nameof(Records), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly Dictionary<Type, ItemBatcher?> _batchers = [];
    private ItemBatcher? _current;
    private long _items = MinItemsPerChange * 16;
    private long _changes;

    /// <summary>Adds an item.</summary>
    /// <returns>The batches that are full now, and items that cannot be in a batch; all of them without a table.</returns>
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

    /// <summary>Ends the current batch.</summary>
    /// <returns>The remaining items as one batch; empty when there are none.</returns>
    public Item[] Flush() => _current?.Flush() ?? [];

    private ItemBatcher? BatcherOf(Type type)
    {
        if (_batchers.TryGetValue(type, out var known)) return known;
        TrimmedTypes.Check(type);
        var batcher = NewBatcher(type);
        _batchers.Add(type, batcher);
        return batcher;
    }

    private static ItemBatcher? NewBatcher(Type type)
    {
        if (DictionaryBatches.Suits(type)) return new DictionaryBatches();
        if (type.IsPrimitive || Item.HasOwnForm(type)) return null;
        return (ItemBatcher?)RecordsMethod.MakeGenericMethod(type).Invoke(null, []);
    }

    private static RecordBatches<T>? Records<T>() => RecordBatches<T>.IsPossible ? new() : null;
}

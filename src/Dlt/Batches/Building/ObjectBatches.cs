using System.Reflection;
using Apache.Arrow;
using Dlt.Json;

namespace Dlt.Batches.Building;

/// <summary>
/// Items of any types in batches, in their order: as many as follow each other and are of one type. What is JSON already, and what no
/// column takes, goes as it is.
/// </summary>
internal sealed class ObjectBatches
{
    private const int MinItemsPerChange = 8;   // where types take turns, batches would be slower than JSON

    private static readonly MethodInfo RecordsMethod = typeof(ObjectBatches)
        .GetMethod(nameof(Records), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Items that have a form of their own.</summary>
    private static readonly Type[] Wholes =
    [
        typeof(string), typeof(JsonValue), typeof(RawJson), typeof(RecordBatch), typeof(ItemBatch), typeof(EmptyTable),
        typeof(RejectedRecord), typeof(TableItem), typeof(HintedItem),
    ];

    private readonly Dictionary<Type, ItemBatcher?> _batchers = [];
    private ItemBatcher? _current;
    private long _items = MinItemsPerChange * 16;
    private long _changes;

    /// <returns>The pages that are complete now.</returns>
    public object?[] Add(object? item)
    {
        var batcher = item is null ? null : BatcherOf(item.GetType());
        _items++;
        if (batcher == _current) return batcher is null ? [item] : batcher.Add(item);
        object?[] before = Flush();
        if (++_changes * MinItemsPerChange > _items) batcher = null;
        _current = batcher;
        return batcher is null ? [.. before, item] : [.. before, .. batcher.Add(item)];
    }

    /// <returns>What is left, as a page or none.</returns>
    public object?[] Flush() => _current?.Flush() ?? [];

    /// <summary>True for items that have a form of their own, or are marks around other items.</summary>
    public static bool IsWhole(Type type) => Wholes.Any(type.IsAssignableTo);

    private ItemBatcher? BatcherOf(Type type)
    {
        if (_batchers.TryGetValue(type, out var known)) return known;
        var batcher = DictionaryBatches.Suits(type) ? new DictionaryBatches()
            : !type.IsPrimitive && !IsWhole(type) ? (ItemBatcher?)RecordsMethod.MakeGenericMethod(type).Invoke(null, []) : null;
        _batchers.Add(type, batcher);
        return batcher;
    }

    private static RecordBatches<T>? Records<T>() => RecordBatches<T>.IsPossible ? new() : null;
}

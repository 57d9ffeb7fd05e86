using System.Runtime.CompilerServices;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Dictionaries of names and values in batches: as many as have the same names in the same order. One with a value that no column takes
/// goes as it is.
/// </summary>
internal sealed class DictionaryBatches : ItemBatcher
{
    private ValueRows? _rows;
    private object?[] _values = [];

    /// <summary>True for dictionaries of names and values.</summary>
    public static bool Suits(Type type) =>
        type.IsAssignableTo(typeof(IDictionary<string, object?>)) || type.IsAssignableTo(typeof(IReadOnlyDictionary<string, object?>))
        || (type.IsAssignableTo(typeof(System.Collections.IDictionary))
            && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IDictionary<,>)
            && i.GetGenericArguments()[0] == typeof(string)));

    /// <summary>The items as pages of many.</summary>
    public static async IAsyncEnumerable<object?> FromAsync<T>(
        IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = new DictionaryBatches();
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            foreach (var page in batches.Add(item)) yield return page.Value;
        foreach (var page in batches.Flush()) yield return page.Value;
    }

    public override Item[] Add(object? item)
    {
        if (item is null || DictionaryWriter.EntriesOf(item) is not { } entries || !entries.Any()) return [.. Flush(), Item.OfValue(item)];
        Item[] before = [];
        if (_rows?.HasNames(entries.Select(e => e.Key)) != true)
        {
            before = Flush();
            _rows = new ValueRows([.. entries.Select(e => e.Key)]);
            _values = new object?[entries.Count()];
        }

        var at = 0;
        foreach (var (_, value) in entries) _values[at++] = value;
        if (!_rows.TryAdd(_values))
        {
            // Another type than before, or a value that columns do not hold.
            before = [.. before, .. Flush()];
            if (!_rows.TryAdd(_values)) return [.. before, Item.OfValue(item)];
        }

        return _rows.IsFull ? [.. before, Item.OfBatch(_rows.Take())] : before;
    }

    public override Item[] Flush() => _rows is { Rows: > 0 } rows ? [Item.OfBatch(rows.Take())] : [];
}

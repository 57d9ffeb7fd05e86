using System.Runtime.CompilerServices;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers dictionaries with the same names in the same order into batches. A dictionary with a value that columns do not support is passed
/// on unchanged.
/// </summary>
internal sealed class DictionaryBatches : ItemBatcher
{
    private ValueRows? _rows;
    private object?[] _values = [];

    /// <summary>Returns whether a type is a dictionary with text keys.</summary>
    public static bool Suits(Type type)
    {
        if (type.IsAssignableTo(typeof(IDictionary<string, object?>))) return true;
        if (type.IsAssignableTo(typeof(IReadOnlyDictionary<string, object?>))) return true;
        return type.IsAssignableTo(typeof(System.Collections.IDictionary)) && type.GetInterfaces().Any(IsDictionaryOfTexts);
    }

    /// <summary>Returns the items as pages of batches.</summary>
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
            // The value has another type than the values before, or columns do not support it.
            before = [.. before, .. Flush()];
            if (!_rows.TryAdd(_values)) return [.. before, Item.OfValue(item)];
        }

        return _rows.IsFull ? [.. before, Item.OfBatch(_rows.Take())] : before;
    }

    public override Item[] Flush() => _rows is { Rows: > 0 } rows ? [Item.OfBatch(rows.Take())] : [];

    private static bool IsDictionaryOfTexts(Type type) => type.IsGenericType
        && type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
        && type.GetGenericArguments()[0] == typeof(string);
}

using System.Runtime.CompilerServices;
using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers objects of a type that can be written as columns into batches. Objects of derived types, and objects with values that columns do
/// not support, are passed on unchanged.
/// </summary>
internal sealed class RecordBatches<T> : ItemBatcher
{
    private const int MaxRows = 1 << 13;
    private const long MaxBytes = 2 << 20;

    private readonly List<FieldWriter<T>> _fields = ReflectedShape<T>.Instance?.NewColumns()
        ?? throw new InvalidOperationException($"Objects of type {typeof(T)} cannot be written as columns.");
    private int _rows;

    /// <summary>True when objects of the type can be written as columns.</summary>
    public static bool IsPossible { get; } = !Item.HasOwnForm(typeof(T)) && ReflectedShape<T>.Instance is not null;

    /// <summary>Returns the items as pages of batches.</summary>
    public static async IAsyncEnumerable<object?> FromAsync(
        IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = new RecordBatches<T>();
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            foreach (var page in batches.Add(item)) yield return page.Value;
        foreach (var page in batches.Flush()) yield return page.Value;
    }

    /// <summary>Returns the items as pages of batches.</summary>
    public static async IAsyncEnumerable<object?> FromEnumerable(
        IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var batches = new RecordBatches<T>();
        foreach (var item in items)
        {
            foreach (var page in batches.Add(item))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return page.Value;
            }
        }

        foreach (var page in batches.Flush()) yield return page.Value;
    }

    public override Item[] Add(object? item) => item is T known ? Add(known) : [.. Flush(), Item.OfValue(item)];

    public override Item[] Flush() => _rows > 0 ? [Take()] : [];

    private Item[] Add(T item)
    {
        if (TryAdd(item)) return IsFull ? [Take()] : [];
        var before = Flush();
        return TryAdd(item) ? before : [.. before, Item.OfValue(item)];
    }

    private bool IsFull => _rows >= MaxRows || (BatchBuilder.IsSizeComputed(_rows) && _fields.Sum(f => f.Size) >= MaxBytes);

    private bool TryAdd(T item)
    {
        if (item is null || item.GetType() != typeof(T)) return false;
        foreach (var field in _fields)
        {
            if (field.TryAppend(item)) continue;
            foreach (var other in _fields) other.Truncate(_rows);
            return false;
        }

        _rows++;
        return true;
    }

    private Item Take()
    {
        var batch = ItemBatch.Of([.. _fields.Select(f => f.Build())], _rows) with { Names = BatchNames.Columns };
        _rows = 0;
        return Item.OfBatch(batch);
    }
}

using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Extract;

namespace Dlt.Batches.Building;

/// <summary>Objects of a type that can be written as columns, in batches. Objects of derived types, and values that suit no column, go as they are.</summary>
internal sealed class RecordBatches<T>
{
    private const int MaxRows = 1 << 13;
    private const long MaxBytes = 2 << 20;

    private readonly List<FieldWriter<T>> _fields;
    private int _rows;

    private RecordBatches(List<FieldWriter<T>> fields) => _fields = fields;

    /// <summary>True when objects of the type can be written as columns.</summary>
    public static bool IsPossible { get; } = RecordFields.TryCreate<T>(ItemWriter.Options) is not null;

    /// <summary>The items as pages of many.</summary>
    public static async IAsyncEnumerable<object?> FromAsync(IAsyncEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = new RecordBatches<T>(RecordFields.TryCreate<T>(ItemWriter.Options)!);
        await foreach (var item in items.WithCancellation(cancellationToken).ConfigureAwait(false))
            foreach (var page in batches.Add(item)) yield return page;
        if (batches._rows > 0) yield return batches.Take();
    }

    /// <summary>The items as pages of many.</summary>
    public static async IAsyncEnumerable<object?> FromEnumerable(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var batches = new RecordBatches<T>(RecordFields.TryCreate<T>(ItemWriter.Options)!);
        foreach (var item in items)
        {
            foreach (var page in batches.Add(item))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return page;
            }
        }

        if (batches._rows > 0) yield return batches.Take();
    }

    /// <returns>The pages that are complete now.</returns>
    private object?[] Add(T item)
    {
        if (TryAdd(item)) return IsFull ? [Take()] : [];
        object?[] before = _rows > 0 ? [Take()] : [];
        return TryAdd(item) ? before : [.. before, item];
    }

    private bool IsFull => _rows >= MaxRows || ((_rows & 255) == 0 && _fields.Sum(f => f.Size) >= MaxBytes);

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

    private ItemBatch Take()
    {
        var columns = _fields.Select(f => f.Build()).ToList();
        var batch = new RecordBatch(new Schema(columns.Select(c => c.Field), null), columns.Select(c => c.Array), _rows);
        _rows = 0;
        return new(batch);
    }
}

using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Keys of deleted rows with the sequence numbers of their deletes (docs/spec/iceberg.md 1.5). Null equals null.</summary>
internal sealed class DeletedKeys(ImmutableArray<int> fieldIds)
{
    private readonly Dictionary<RowKey, long> _newest = [];

    public ImmutableArray<int> FieldIds { get; } = fieldIds;

    public void Add(ImmutableArray<object?> key, long sequenceNumber)
    {
        var entry = new RowKey(key);
        if (!_newest.TryGetValue(entry, out var known) || known < sequenceNumber) _newest[entry] = sequenceNumber;
    }

    public bool Deletes(ImmutableArray<object?> key, long dataSequenceNumber) =>
        _newest.TryGetValue(new RowKey(key), out var age) && age > dataSequenceNumber;
}

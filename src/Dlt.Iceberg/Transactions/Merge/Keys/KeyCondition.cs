using System.Buffers;

namespace Dlt.Iceberg;

/// <summary>Matches the rows whose key is in a set. A key with a null is in no set.</summary>
/// <param name="columns">Columns of the key.</param>
/// <param name="keys">The keys.</param>
internal sealed class KeyCondition(KeyColumns columns, KeySet keys) : RowCondition
{
    /// <summary>Marks that each key of the set gets when a row has it; 0 for none.</summary>
    public int Marks { get; init; }

    /// <summary>True: the condition matches the rows whose key is not in the set and has no null.</summary>
    public bool IsNegated { get; init; }

    /// <summary>The rows that count; null for all. Other rows do not match, and their keys get no marks.</summary>
    public RowCondition? Among { get; init; }

    /// <summary>Values of the keys in the set, which leave out files; null when they are unknown.</summary>
    public KeyBounds? Bounds { get; init; }

    public override IEnumerable<NestedField> Fields => [.. columns.Fields, .. Among?.Fields ?? []];

    public override bool MayMatch(TableMetadata metadata, DataFile file) =>
        (Among?.MayMatch(metadata, file) ?? true) && (IsNegated || (keys.Count > 0 && (Bounds?.MayMatch(metadata, file) ?? true)));

    public override IEnumerable<NestedField> Compared => [.. IsNegated ? [] : Bounds?.Compared ?? [], .. Among?.Compared ?? []];

    public override bool MayMatch(RowGroupFacts group) =>
        (Among?.MayMatch(group) ?? true) && (IsNegated || (keys.Count > 0 && (Bounds?.MayMatch(group) ?? true)));

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        var hashes = ArrayPool<UInt128>.Shared.Rent(batch.Rows);
        var hasNull = ArrayPool<bool>.Shared.Rent(batch.Rows);
        batch.Hash(columns, hashes.AsSpan(0, batch.Rows), hasNull.AsSpan(0, batch.Rows));
        // First the rows that count, then those of them that match.
        if (Among is null) matches[..batch.Rows].Fill(true);
        else Among.Evaluate(batch, matches);
        for (var i = 0; i < batch.Rows; i++)
        {
            matches[i] &= !hasNull[i];
            if (!matches[i]) continue;
            var index = keys.IndexOf(hashes[i]);
            matches[i] = index >= 0 != IsNegated;
            if (Marks != 0 && index >= 0) keys.Mark(index, Marks);
        }

        ArrayPool<UInt128>.Shared.Return(hashes);
        ArrayPool<bool>.Shared.Return(hasNull);
    }
}

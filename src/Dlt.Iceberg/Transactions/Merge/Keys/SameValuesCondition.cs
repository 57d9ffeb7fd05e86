namespace Dlt.Iceberg;

/// <summary>Matches the rows whose key is in a set and whose values in some columns are those that the set has for the key.</summary>
/// <param name="columns">Columns of the key.</param>
/// <param name="keys">The keys.</param>
/// <param name="compared">Columns whose values are compared.</param>
/// <param name="values">Hash of the values for each key, by its index (<see cref="RowBatch.HashValues"/>).</param>
internal sealed class SameValuesCondition(KeyColumns columns, KeySet keys, KeyColumns compared, IReadOnlyList<UInt128> values)
    : RowCondition
{
    /// <summary>Marks that each key of the set gets when a row matches; 0 for none.</summary>
    public int Marks { get; init; }

    public override IEnumerable<NestedField> Fields => columns.Fields.Concat(compared.Fields);

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        var hashes = new UInt128[batch.Rows];
        var hasNull = new bool[batch.Rows];
        var own = new UInt128[batch.Rows];
        batch.Hash(columns, hashes, hasNull);
        batch.HashValues(compared, own);
        for (var i = 0; i < hashes.Length; i++)
        {
            var index = hasNull[i] ? -1 : keys.IndexOf(hashes[i]);
            matches[i] = index >= 0 && values[index] == own[i];
            if (Marks != 0 && matches[i]) keys.Mark(index, Marks);
        }
    }
}

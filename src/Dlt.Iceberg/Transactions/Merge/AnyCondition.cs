using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Matches the rows that at least one of several conditions matches.</summary>
/// <param name="conditions">The conditions.</param>
internal sealed class AnyCondition(ImmutableArray<RowCondition> conditions) : RowCondition
{
    public override IEnumerable<NestedField> Fields => conditions.SelectMany(c => c.Fields);

    public override bool MayMatch(TableMetadata metadata, DataFile file) => conditions.Any(c => c.MayMatch(metadata, file));

    public override IEnumerable<NestedField> Compared => conditions.SelectMany(c => c.Compared);

    public override bool MayMatch(RowGroupFacts group) => conditions.Any(c => c.MayMatch(group));

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        matches[..batch.Rows].Clear();
        Span<bool> own = batch.Rows <= 1024 ? stackalloc bool[1024] : new bool[batch.Rows];
        foreach (var condition in conditions)
        {
            condition.Evaluate(batch, own);
            for (var i = 0; i < batch.Rows; i++) matches[i] |= own[i];
        }
    }
}

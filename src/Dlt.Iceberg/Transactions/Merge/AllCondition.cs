using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Matches the rows that all of several conditions match.</summary>
/// <param name="conditions">The conditions; none matches every row.</param>
internal sealed class AllCondition(ImmutableArray<RowCondition> conditions) : RowCondition
{
    public override IEnumerable<NestedField> Fields => conditions.SelectMany(c => c.Fields);

    public override bool MayMatch(TableMetadata metadata, DataFile file) => conditions.All(c => c.MayMatch(metadata, file));

    public override IEnumerable<NestedField> Compared => conditions.SelectMany(c => c.Compared);

    public override bool MayMatch(RowGroupFacts group) => conditions.All(c => c.MayMatch(group));

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        matches[..batch.Rows].Fill(true);
        Span<bool> own = batch.Rows <= 1024 ? stackalloc bool[1024] : new bool[batch.Rows];
        foreach (var condition in conditions)
        {
            condition.Evaluate(batch, own);
            for (var i = 0; i < batch.Rows; i++) matches[i] &= own[i];
        }
    }
}

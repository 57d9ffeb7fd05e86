namespace Dlt.Iceberg;

/// <summary>Matches the rows that a condition does not match.</summary>
/// <param name="condition">The condition.</param>
internal sealed class NotCondition(RowCondition condition) : RowCondition
{
    public override IEnumerable<NestedField> Fields => condition.Fields;

    public override void Evaluate(RowBatch batch, Span<bool> matches)
    {
        condition.Evaluate(batch, matches);
        for (var i = 0; i < batch.Rows; i++) matches[i] = !matches[i];
    }
}

using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The option <c>source_filter</c>: only staged root rows that it matches take part in the merge.</summary>
/// <param name="condition">The condition; null for all rows.</param>
internal sealed class SourceFilter(RowCondition? condition)
{
    /// <summary>The columns to read.</summary>
    public IEnumerable<NestedField> Fields => condition?.Fields ?? [];

    /// <summary>Evaluates the condition for the rows of a batch.</summary>
    public bool[] Evaluate(RowBatch batch)
    {
        var matches = new bool[batch.Rows];
        if (condition is null) matches.AsSpan().Fill(true);
        else condition.Evaluate(batch, matches);
        return matches;
    }
}

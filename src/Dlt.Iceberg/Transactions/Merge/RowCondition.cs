namespace Dlt.Iceberg;

/// <summary>A condition on the rows of a table in a merge. Evaluated for several files at once, so it is safe for concurrent use.</summary>
internal abstract class RowCondition
{
    /// <summary>Matches no row.</summary>
    public static RowCondition None { get; } = new AnyCondition([]);

    /// <summary>The columns that the condition reads.</summary>
    public abstract IEnumerable<NestedField> Fields { get; }

    /// <summary>False only if no row of a file can match.</summary>
    public virtual bool MayMatch(TableMetadata metadata, DataFile file) => true;

    /// <summary>The columns that the condition compares with so few values that a Bloom filter can leave out a row group.</summary>
    public virtual IEnumerable<NestedField> Compared => [];

    /// <summary>False only if no row of a row group can match.</summary>
    public virtual bool MayMatch(RowGroupFacts group) => true;

    /// <summary>Evaluates the condition for all rows of a batch.</summary>
    /// <param name="batch">The rows, with the columns of <see cref="Fields"/>.</param>
    /// <param name="matches">Receives true for the rows that match.</param>
    public abstract void Evaluate(RowBatch batch, Span<bool> matches);
}

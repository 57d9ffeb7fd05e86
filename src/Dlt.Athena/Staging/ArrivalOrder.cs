using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations.Staging;

/// <summary>What a merge asks about the order in which the staged rows of one key came.</summary>
internal enum ArrivalQuestion
{
    /// <summary>Which row came first.</summary>
    First,

    /// <summary>Which row came last.</summary>
    Last,

    /// <summary>Which of any two rows came later: some of the rows do not take part, and the merge finds out which.</summary>
    Later,
}

/// <summary>
/// What a merge asks about the order of a table's staged rows. Rows of one key that go to several partitions, or to sorted files, lose
/// their order unless <see cref="ArrivalRounds"/> keeps it.
/// </summary>
/// <param name="Question">The question.</param>
/// <param name="Key">Columns of the key: only rows that are equal in them are compared by their order.</param>
/// <param name="Deletion">Column that marks rows which do not take part (<c>hard_delete</c>); null when all take part.</param>
internal sealed record ArrivalOrder(ArrivalQuestion Question, ImmutableArray<ColumnSchema> Key, ColumnSchema? Deletion = null)
{
    /// <summary>Returns what the merge of a root table asks; null when the order of its rows does not matter.</summary>
    public static ArrivalOrder? Of(TableChain chain)
    {
        if (chain.Mode is not MergeMode(var kind)) return null;
        ImmutableArray<ColumnSchema> primary = [.. chain.Root.CompleteColumns.Where(c => c.Has(HintNames.PrimaryKey))];
        if (primary.IsEmpty) return null;
        return MergeStrategyHints.Read(chain.Root, kind) switch
        {
            MergeStrategy.DeleteInsert { IsDeduplicated: false, SourceFilter: null } => new(ArrivalQuestion.Last, WithSort(chain, primary)),
            MergeStrategy.DeleteInsert { IsDeduplicated: false } => new(ArrivalQuestion.Later, WithSort(chain, primary)),
            MergeStrategy.InsertOnly => new(ArrivalQuestion.First, primary, ColumnWith(chain, HintNames.HardDelete)),
            _ => null,
        };
    }

    /// <summary>Rows with different values of <c>dedup_sort</c> are compared by these values.</summary>
    private static ImmutableArray<ColumnSchema> WithSort(TableChain chain, ImmutableArray<ColumnSchema> primary) =>
        ColumnWith(chain, HintNames.DedupSort) is { } sort ? primary.Add(sort) : primary;

    private static ColumnSchema? ColumnWith(TableChain chain, string hint) =>
        chain.Root.CompleteColumns.FirstOrDefault(c => c.Has(hint));
}

using Dlt.Batches;

namespace Dlt.Sources.Sql;

/// <summary>Gathers the rows that a reader comes by.</summary>
internal interface IRowBatch
{
    int Count { get; }

    /// <summary>True when there are enough rows for a batch.</summary>
    bool IsFull { get; }

    /// <summary>Adds the row that the reader stands on.</summary>
    /// <returns>False when a value does not suit its column; the row is not added.</returns>
    bool TryAdd();

    /// <summary>Hands the rows out and begins anew.</summary>
    ItemBatch Take();
}

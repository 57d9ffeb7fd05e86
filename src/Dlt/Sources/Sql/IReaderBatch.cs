using Dlt.Batches;

namespace Dlt.Sources.Sql;

/// <summary>Gathers the rows that a reader comes by.</summary>
internal interface IReaderBatch
{
    int Count { get; }

    /// <summary>True when there are enough rows for a batch.</summary>
    bool IsFull { get; }

    /// <summary>The reader stands on another row; its values may be read once only.</summary>
    void Begin();

    /// <summary>Adds the row at hand.</summary>
    /// <returns>False when a value does not suit its column; the row is not added.</returns>
    bool TryAdd();

    /// <summary>A value of the row at hand.</summary>
    object? ValueOf(int column);

    /// <summary>Hands the rows out and begins again.</summary>
    ItemBatch Take();
}

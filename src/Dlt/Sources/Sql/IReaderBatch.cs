using Dlt.Items;

namespace Dlt.Sources.Sql;

/// <summary>Gathers the rows of a data reader into a batch.</summary>
internal interface IReaderBatch
{
    /// <summary>Number of rows gathered since the last <see cref="Take"/>.</summary>
    int Count { get; }

    /// <summary>True when the batch is large enough to be taken.</summary>
    bool IsFull { get; }

    /// <summary>Called when the reader has moved to another row, whose values can be read only once.</summary>
    void Begin();

    /// <summary>Adds the current row.</summary>
    /// <returns>False when a value does not fit its column. The row is then not added.</returns>
    bool TryAdd();

    /// <summary>Returns a value of the current row.</summary>
    object? ValueOf(int column);

    /// <summary>Returns the gathered rows as a batch and starts a new one.</summary>
    ItemBatch Take();
}

using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers objects of one .NET type into batches. Values are copied immediately, because a generator may reuse an object for the next item.
/// </summary>
internal abstract class ItemBatcher
{
    /// <summary>Adds an object.</summary>
    /// <returns>The batches that are full now, and the object itself if columns do not support it.</returns>
    public abstract Item[] Add(object? item);

    /// <summary>Ends the current batch.</summary>
    /// <returns>The remaining objects as one batch; empty when there are none.</returns>
    public abstract Item[] Flush();
}

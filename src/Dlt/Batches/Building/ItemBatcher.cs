using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers objects of one .NET type into batches. Values are copied at once: the caller may fill the same object again for the next item.
/// </summary>
internal abstract class ItemBatcher
{
    /// <returns>What is complete now: batches, and the object itself where no column takes it.</returns>
    public abstract Item[] Add(object? item);

    /// <returns>What is left, as one batch or none.</returns>
    public abstract Item[] Flush();
}

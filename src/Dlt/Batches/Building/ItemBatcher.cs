namespace Dlt.Batches.Building;

/// <summary>
/// Gathers items of one .NET type into batches. Values are taken over at once: the caller may use an object again for the next item.
/// </summary>
internal abstract class ItemBatcher
{
    /// <returns>The pages that are complete now: batches, and the item itself when no column takes it.</returns>
    public abstract object?[] Add(object? item);

    /// <returns>What is left, as a page or none.</returns>
    public abstract object?[] Flush();
}

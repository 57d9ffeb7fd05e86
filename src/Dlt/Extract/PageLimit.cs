using System.Collections.Concurrent;
using Dlt.Items;

namespace Dlt.Extract;

/// <summary>
/// The largest number of pages of each resource that a plan reads, of transformers too. Items that are yielded one by one count as a page
/// for each hundred: one row would say little about a table.
/// </summary>
/// <param name="pages">Number of pages: 1 or more.</param>
internal sealed class PageLimit(int pages)
{
    private const int ItemsOfPage = 100;

    private readonly ConcurrentDictionary<string, long> _items = new(StringComparer.Ordinal);

    /// <summary>True when no further page of a resource is read.</summary>
    public bool IsReached(Resource resource) => _items.GetValueOrDefault(resource.Name) >= (long)pages * ItemsOfPage;

    /// <summary>Counts a page, and returns true when it was the last one.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="page">The object that it yielded.</param>
    public bool IsReachedBy(Resource resource, object? page)
    {
        var weight = Item.IsPage(page) ? ItemsOfPage : 1;
        _items.AddOrUpdate(resource.Name, weight, (_, items) => items + weight);
        return IsReached(resource);
    }
}

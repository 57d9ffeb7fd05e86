using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Items of one resource on their way from its generator to the package.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Items">The items; none means that a table without rows becomes known.</param>
internal readonly record struct ResourcePage(Resource Resource, IEnumerable<Item> Items)
{
    /// <summary>Frees the memory of a page that nobody reads.</summary>
    public void Release()
    {
        foreach (var item in Items)
            if (item.Kind == ItemKind.Batch && item.Batch.IsOwned) item.Batch.Rows.Dispose();
    }
}

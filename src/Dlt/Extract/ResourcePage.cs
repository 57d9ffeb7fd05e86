using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Page of items of one resource, passed from its generator to the writer.</summary>
/// <param name="Resource">Resource that made the items.</param>
/// <param name="Items">Items of the page. An empty page declares the table without rows.</param>
internal sealed record ResourcePage(Resource Resource, IEnumerable<Item> Items)
{
    /// <summary>Frees the memory of a page that is not read.</summary>
    public void Release()
    {
        foreach (var item in Items)
            if (item.Kind == ItemKind.Batch && item.Batch.IsOwned) item.Batch.Rows.Dispose();
    }
}

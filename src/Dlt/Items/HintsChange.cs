namespace Dlt.Extract;

/// <summary>The hints of a <see cref="HintedItem"/>, on their way to the writer ahead of the items that they came with.</summary>
/// <param name="Hints">The hints.</param>
/// <param name="IsVariant">True: they hold only for the table that they name.</param>
/// <param name="IsAlone">True when no item follows.</param>
internal sealed record HintsChange(ItemHints Hints, bool IsVariant, bool IsAlone)
{
    /// <summary>The hints, then the items: those of a variant are marked for its table.</summary>
    public static IEnumerable<object?> Open(HintedItem hinted)
    {
        var isAlone = hinted.Item is null or System.Collections.ICollection { Count: 0 };
        yield return new HintsChange(hinted.Hints, hinted.CreateTableVariant, isAlone);
        if (isAlone) yield break;
        if (hinted.CreateTableVariant)
        {
            yield return new TableItem(hinted.Hints.TableName!, hinted.Item);
            yield break;
        }

        foreach (var item in ItemWriter.ItemsOf(hinted.Item)) yield return item;
    }
}

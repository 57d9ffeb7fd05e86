using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Adds staged rows whose key the table does not have.</summary>
internal static class NewKeys
{
    private const int Known = 1;

    /// <summary>Returns the change.</summary>
    /// <param name="table">The table. The number of each key is that of its staged row.</param>
    /// <param name="key">Columns of the key.</param>
    /// <param name="keys">The staged keys.</param>
    /// <param name="bounds">Bounds of the staged keys; null when they are unknown.</param>
    public static MergeRequest Of(MergeTable table, KeyColumns key, KeySet keys, KeyBounds? bounds)
    {
        keys.ClearMarks();
        var known = new KeyCondition(key, keys) { Marks = Known, Bounds = bounds };
        return new()
        {
            Observed = known,
            Added = () =>
            {
                for (var index = 0; index < keys.Count; index++)
                    if (keys.IsMarked(index, Known)) table.Rows.DropKnown(keys.NumberOf(index));
                return table.Rows.ToNewRows(MergeRequest.NoValues);
            },
        };
    }

    /// <summary>Returns the change of a nested table: rows are compared by their row keys.</summary>
    public static MergeRequest OfNested(MergeTable nested) => Of(nested, nested.RowKey, nested.RowKeys, null);
}

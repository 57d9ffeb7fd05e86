using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Updates of a table's properties.</summary>
internal static class PropertyUpdates
{
    /// <summary>Lists the updates that make one set of properties of another: at most one of either kind.</summary>
    /// <param name="before">The properties as they are.</param>
    /// <param name="after">The properties as they are to be.</param>
    public static IEnumerable<TableUpdate> Between(
        ImmutableSortedDictionary<string, string> before, ImmutableSortedDictionary<string, string> after)
    {
        var set = after.Where(p => before.GetValueOrDefault(p.Key) != p.Value)
            .ToImmutableSortedDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        ImmutableArray<string> removed = [.. before.Keys.Where(k => !after.ContainsKey(k))];
        if (!set.IsEmpty) yield return new TableUpdate.SetProperties(set);
        if (!removed.IsEmpty) yield return new TableUpdate.RemoveProperties(removed);
    }
}

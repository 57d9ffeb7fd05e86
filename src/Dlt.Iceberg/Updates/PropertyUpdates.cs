using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Compares the properties of a table before and after a change.</summary>
internal static class PropertyUpdates
{
    /// <summary>Returns the updates that change the properties: at most one that sets and one that removes properties.</summary>
    /// <param name="before">The properties before the change.</param>
    /// <param name="after">The properties after the change.</param>
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

using System.Collections.Immutable;
using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>
/// What a new definition of an external table changes beside new columns, as statements for a catalog that Glue does not serve. They have
/// no conditions: whoever runs them holds the lease of the dataset.
/// </summary>
internal static class ExternalTableChange
{
    /// <summary>The statements, in an order in which each may be repeated.</summary>
    /// <param name="statements">Texts of statements.</param>
    /// <param name="stored">The table as it was read. It has all columns of the new definition.</param>
    /// <param name="wanted">The new definition.</param>
    public static IEnumerable<string> StatementsOf(DdlStatements statements, GlueTable stored, GlueTableInput wanted)
    {
        var (database, name, storage) = (stored.DatabaseName, stored.Name, wanted.StorageDescriptor!);
        if (stored.Location != storage.Location) yield return statements.SetLocation(database, name, storage.Location!);
        if (!TypesOf(stored.Columns).SequenceEqual(TypesOf(storage.Columns)))
            yield return statements.ReplaceColumns(database, name, storage.Columns);
        var known = stored.Definition.Parameters ?? ImmutableSortedDictionary<string, string>.Empty;
        var changed = (wanted.Parameters ?? known).Except(known).ToList();
        if (changed.Count > 0) yield return statements.SetProperties(database, name, changed);
    }

    private static IEnumerable<(string Name, string Type)> TypesOf(ImmutableArray<GlueColumn> columns) =>
        columns.Select(c => (c.Name, c.Type));
}

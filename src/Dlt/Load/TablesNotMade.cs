using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Finds tables of a source that do not exist after a run because no row arrived, to warn about them.</summary>
internal static class TablesNotMade
{
    /// <summary>Returns the names of a source's tables that have no column to query.</summary>
    /// <param name="source">The source.</param>
    /// <param name="schema">Its stored schema; null for none.</param>
    public static IReadOnlyList<string> Of(Source source, Schema? schema) =>
    [
        .. source.Resources
            .Where(r => r.IsSelected && r.Hints.TableNameOf is null)
            .Select(r => r.Hints.TableName ?? r.Name)
            .Select(n => schema?.NormalizeTableIdentifier(n) ?? n)
            .Where(n => schema is null || !schema.TryGetTable(n, out var table) || (!table.HasSeenData && !table.CompleteColumns.Any()))
            .Distinct(),
    ];

    /// <summary>Returns the warning about these tables.</summary>
    public static string Describe(IReadOnlyList<string> tables) => tables.Count == 1
        ? $"Table '{tables[0]}' received no rows and was not created."
        : $"The tables {string.Join(", ", tables.Select(t => $"'{t}'"))} received no rows and were not created.";
}

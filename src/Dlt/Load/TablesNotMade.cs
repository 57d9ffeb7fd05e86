using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Tables that a run was for and that are still not there, since no row came: said, so that nobody looks for them.</summary>
internal static class TablesNotMade
{
    /// <summary>Names of the tables of a source that have no column that anybody could query.</summary>
    /// <param name="source">The source.</param>
    /// <param name="schema">Its stored schema; null for none.</param>
    public static IReadOnlyList<string> Of(Source source, Schema? schema) =>
    [
        .. source.Resources.Where(r => r.IsSelected && r.Hints.TableNameOf is null).Select(r => r.Hints.TableName ?? r.Name)
            .Select(n => schema?.NormalizeTableIdentifier(n) ?? n)
            .Where(n => schema is null || !schema.TryGetTable(n, out var table) || !table.HasSeenData && !table.CompleteColumns.Any())
                .Distinct(),
    ];

    /// <summary>What is said of them.</summary>
    public static string Describe(IReadOnlyList<string> tables) => tables.Count == 1
        ? $"No row came for table '{tables[0]}', and it is not there yet: nothing was made."
        : $"No row came for the tables {string.Join(", ", tables.Select(t => $"'{t}'"))}, and they are not there yet: nothing was "
            + "made of them.";
}

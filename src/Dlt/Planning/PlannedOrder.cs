using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Planning;

/// <summary>
/// The order of statements in a plan. Loads change several tables at once, so the order in which they were decided is not always the same.
/// </summary>
internal static class PlannedOrder
{
    /// <summary>Databases first, then tables of data by their names, then those of dlt. Changes of one table keep their order.</summary>
    public static ImmutableArray<PlannedStatement> Of(IEnumerable<PlannedStatement> statements) =>
    [
        .. statements
            .OrderBy(s => s.Table is null ? 0 : SystemTables.IsSystemName(s.Table) ? 2 : 1)
            .ThenBy(s => s.Database, StringComparer.Ordinal)
            .ThenBy(s => s.Table, StringComparer.Ordinal),
    ];
}

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Limits which rows of a table a load may delete or retire because they are not staged.</summary>
internal static class Retirement
{
    /// <summary>
    /// The limit with <c>AND</c>: the scope of the strategy, otherwise rows whose merge key is staged; empty when all rows may be.
    /// </summary>
    /// <param name="input">The merge.</param>
    /// <param name="scope">The scope as the strategy has it.</param>
    /// <param name="filter">Condition on the staged root rows; null for all rows.</param>
    /// <exception cref="SchemaException">The scope has an unknown placeholder.</exception>
    public static string Limit(MergeInput input, string? scope, MergeCondition? filter)
    {
        if (MergeCondition.Scope(input, scope) is { } condition) return $" AND {condition.Joined}";
        var keys = input.Root.MergeKey.Select(SqlNames.Column).ToList();
        var filtered = filter is null ? "" : $" {(keys.Count == 1 ? "WHERE" : "AND")} {filter}";
        return keys switch
        {
            [] => "",
            [var key] => $" AND {key} IN (SELECT {key} FROM {input.Staged}{filtered})",
            // dlt compares the joined texts of the keys, so 1 and 23 would equal 12 and 3.
            _ => $" AND EXISTS (SELECT 1 FROM {input.Staged} AS s WHERE {SqlKeys.Match(keys, "s", input.Table)}{filtered})",
        };
    }
}

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Statements of <see cref="MergeStrategy.Cdc"/>: delete the rows that are not staged, nested ones first, then upsert
/// (docs/spec/pipeline.md 9.5).
/// </summary>
internal static class CdcSql
{
    /// <summary>The statements in their order.</summary>
    /// <exception cref="SchemaException">A table lacks a key, or a condition has an unknown placeholder.</exception>
    public static IEnumerable<MergeStatement> Of(MergeInput input, MergeStrategy.Cdc strategy)
    {
        var filter = MergeCondition.Source(input, strategy.SourceFilter);
        var absent = Absent(input, filter) + Retirement.Limit(input, strategy.DestinationScope, filter);
        foreach (var nested in input.Nested)
        {
            var key = SqlKeys.RootKey(input.Schema, nested);
            yield return new(
                $"DELETE FROM {input.Names.Table(nested.Name)} WHERE {key} IN (SELECT {input.RowKey} FROM {input.Table} WHERE {absent})");
        }

        yield return new($"DELETE FROM {input.Table} WHERE {absent}");
        var sql = new MergeIntoSql(input, filter?.ToString())
        {
            Updates = true,
            SkipsUnchanged = strategy.SkipUnchangedRows,
            Inserts = HardDeleteSql.Of(input.Root)?.Kept("s."),
        };
        foreach (var statement in UpsertSql.Of(input, sql)) yield return statement;
    }

    private static string Absent(MergeInput input, MergeCondition? filter)
    {
        var keys = SqlKeys.PrimaryKey(input.Root, input.Strategy);
        if (keys is [var key]) return $"{key} NOT IN (SELECT {key} FROM {input.Staged}{(filter is null ? "" : $" WHERE {filter.Text}")})";
        var matches = SqlKeys.Match(keys, "s", input.Table);
        return $"NOT EXISTS (SELECT 1 FROM {input.Staged} s WHERE {matches}{(filter is null ? "" : $" AND {filter}")})";
    }
}

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Statements of <see cref="MergeStrategy.Upsert"/> and <see cref="MergeStrategy.InsertOnly"/>: a MERGE for each table of the chain
/// (docs/spec/pipeline.md 9.5).
/// </summary>
internal static class UpsertSql
{
    /// <summary>The statements of an upsert.</summary>
    /// <exception cref="SchemaException">A table lacks a key, or the condition has a placeholder.</exception>
    public static IEnumerable<MergeStatement> Of(MergeInput input, MergeStrategy.Upsert strategy)
    {
        var sql = new MergeIntoSql(input, MergeCondition.Source(input, strategy.SourceFilter)?.ToString())
        {
            Updates = true,
            SkipsUnchanged = strategy.SkipUnchangedRows,
        };
        return Of(input, sql);
    }

    /// <summary>The statements that update, insert and delete the rows of a chain.</summary>
    public static IEnumerable<MergeStatement> Of(MergeInput input, MergeIntoSql sql)
    {
        foreach (var statement in sql.Moved()) yield return statement;
        yield return sql.Root();
        foreach (var nested in input.Nested)
        {
            yield return sql.Nested(nested);
            yield return sql.Orphans(nested);
        }

        if (HardDeleteSql.Of(input.Root) is not { } mark) yield break;
        foreach (var nested in input.Nested) yield return sql.OfDeleted(nested, mark);
    }

    /// <summary>The statements that insert new rows and change no other. Staged deletions do not take part.</summary>
    /// <exception cref="SchemaException">A table lacks a key.</exception>
    public static IEnumerable<MergeStatement> OfNewRows(MergeInput input)
    {
        var sql = new MergeIntoSql(input, HardDeleteSql.Of(input.Root)?.Kept());
        yield return sql.Root();
        foreach (var nested in input.Nested) yield return sql.Nested(nested);
    }
}

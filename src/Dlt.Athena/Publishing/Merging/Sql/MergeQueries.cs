using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Runs the statements of a merge one after another, and compares the rows that they insert with the staged ones.</summary>
/// <param name="athena">Runs the statements.</param>
/// <param name="database">Database of the queries; all names in the statements have their own.</param>
internal sealed class MergeQueries(IAthena athena, string database)
{
    /// <summary>Characters of a statement that a message shows.</summary>
    private const int ShownOfStatement = 120;

    /// <summary>Runs a script.</summary>
    /// <param name="root">Root table of the chain.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="stagedRows">Returns the number of staged rows of a table.</param>
    /// <param name="cancellationToken">Stops the query that runs. The script is repeated from its first statement.</param>
    /// <returns>Ids of the queries, in the order of the statements.</returns>
    /// <exception cref="DltException">A statement failed, or did not insert the staged rows.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(
        string root, IReadOnlyList<MergeStatement> statements, Func<string, long> stagedRows, CancellationToken cancellationToken)
    {
        var queries = new List<string>();
        foreach (var statement in statements)
        {
            try
            {
                var result = await athena.ExecuteAsync(new(statement.Sql, database), cancellationToken).ConfigureAwait(false);
                await using (result.ConfigureAwait(false))
                {
                    queries.Add(result.QueryExecutionId);
                    if (statement.Inserts is { } rows) Check(rows, stagedRows(rows.Table), result.UpdateCount);
                }
            }
            catch (AthenaQueryException error)
            {
                throw new DltException($"Athena did not run statement {queries.Count + 1} of the {statements.Count} that merge table "
                    + $"'{root}', {HeadOf(statement.Sql)}: {Failure.Sentence(error)} Rows that the merge replaces may be missing until "
                    + "it is complete. The package stays pending. Run again: the merge is repeated from its first statement.", error)
                { IsTransient = error.IsTransient };
            }
        }

        return queries;
    }

    private static void Check(InsertedRows rows, long staged, long? inserted)
    {
        if (inserted is not { } count || (rows.IsEach ? count == staged : count > 0 || staged == 0)) return;
        throw new DltException($"{staged:N0} rows are staged for table '{rows.Table}', and Athena inserted {count:N0}. The load is "
            + "not complete, and the package stays pending. See whether another pipeline uses the same staging dataset, and run again: the "
            + "merge is repeated from its first statement.")
        { IsTransient = false };
    }

    private static string HeadOf(string sql) => sql.Length <= ShownOfStatement ? sql : sql[..ShownOfStatement] + "…";
}

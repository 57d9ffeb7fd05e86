using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>Runs statements about databases and tables.</summary>
/// <param name="athena">Runs the statements.</param>
internal sealed class DdlQueries(IAthena athena)
{
    /// <summary>Runs a statement without rows.</summary>
    /// <param name="database">Database of the query. Names in the statement have all their parts; dlt gives it all the same.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="cancellationToken">Stops the query; the statement may have run.</param>
    /// <exception cref="DltException">The statement failed, see <see cref="DdlFailure"/>.</exception>
    public async Task RunAsync(string database, string sql, CancellationToken cancellationToken)
    {
        try
        {
            var result = await athena.ExecuteAsync(new(sql, database), cancellationToken).ConfigureAwait(false);
            await result.DisposeAsync().ConfigureAwait(false);
        }
        catch (AthenaQueryException error)
        {
            throw DdlFailure.Of(sql, error);
        }
    }

    /// <summary>Runs a statement with one column and returns its values.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public async Task<List<string>> ReadAsync(string database, string sql, CancellationToken cancellationToken)
    {
        try
        {
            var lines = new List<string>();
            var result = await athena.ExecuteAsync(new(sql, database), cancellationToken).ConfigureAwait(false);
            await using (result.ConfigureAwait(false))
            {
                await foreach (var row in result.ReadRowsAsync(cancellationToken).ConfigureAwait(false))
                    if (row is [{ Length: > 0 } text]) lines.Add(text);
            }

            return lines;
        }
        catch (AthenaQueryException error)
        {
            throw DdlFailure.Of(sql, error);
        }
    }
}

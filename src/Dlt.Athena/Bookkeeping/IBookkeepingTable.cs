using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>One bookkeeping table of either format.</summary>
internal interface IBookkeepingTable
{
    /// <summary>Reads all rows, by column name; none if the table does not exist.</summary>
    Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Reads what looks at the rows begin with, so that they take fewer calls after each other. Reads no rows.</summary>
    Task ReadAheadAsync(CancellationToken cancellationToken);

    /// <summary>True when any load has appended a row with this identity.</summary>
    /// <param name="identity">Identity under which the row was appended.</param>
    /// <param name="values">Texts that the row has, by column, for formats that do not store the identity. No other column is read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<bool> ContainsAsync(
        string identity, IReadOnlyList<(string Column, string Text)> values, CancellationToken cancellationToken);

    /// <summary>Finds the row of the newest load. Rows of older loads are not read where the format allows it.</summary>
    /// <param name="column">Column with the load id.</param>
    /// <param name="loads">Loads whose rows count.</param>
    /// <param name="isWanted">Returns true for a row that counts.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Null if no row counts.</returns>
    Task<Dictionary<string, object?>?> NewestAsync(
        string column, IReadOnlySet<string> loads, Func<Dictionary<string, object?>, bool> isWanted, CancellationToken cancellationToken);

    /// <summary>Removes the rows with a text in a column, except those that have all of <paramref name="kept"/>.</summary>
    /// <param name="removed">Column and text of the rows to remove.</param>
    /// <param name="kept">Columns and values, text or <see cref="long"/>, one or more.</param>
    /// <param name="cancellationToken">Stops; some rows may remain.</param>
    Task RemoveAsync(
        (string Column, string Text) removed, IReadOnlyList<(string Column, object Value)> kept, CancellationToken cancellationToken);

    /// <summary>Removes the rows with a text in a column whose text in another column is one of a set.</summary>
    /// <param name="of">Column and text that the rows have.</param>
    /// <param name="column">The other column.</param>
    /// <param name="texts">Its texts in the rows to remove.</param>
    /// <param name="cancellationToken">Stops; some rows may remain.</param>
    Task RemoveAsync(
        (string Column, string Text) of, string column, IReadOnlySet<string> texts, CancellationToken cancellationToken);

    /// <summary>Removes the states of a pipeline except those of the newest loads, from the table of states.</summary>
    /// <param name="pipeline">Name of the pipeline.</param>
    /// <param name="loads">Loads that may have states of the pipeline; states of other loads stay.</param>
    /// <param name="most">Number of states that stay, 1 or more.</param>
    /// <param name="cancellationToken">Stops; some states may remain.</param>
    Task KeepStatesAsync(string pipeline, IReadOnlySet<string> loads, int most, CancellationToken cancellationToken);

    /// <summary>Returns the ids of the loads that have rows. Rows are read only where the format needs it.</summary>
    /// <param name="column">Column with the load id.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<IReadOnlySet<string>> LoadIdsAsync(string column, CancellationToken cancellationToken);

    /// <summary>Appends rows in one write. A second call with the same loads and identities, from any process, appends nothing.</summary>
    /// <param name="table">The table with its columns.</param>
    /// <param name="entries">The rows, at least one.</param>
    /// <param name="cancellationToken">Stops before the rows are written.</param>
    Task AppendOnceAsync(TableSchema table, IReadOnlyList<BookkeepingEntry> entries, CancellationToken cancellationToken);
}

/// <summary>A row to append to a bookkeeping table.</summary>
/// <param name="LoadId">The load that the row belongs to.</param>
/// <param name="Identity">Identifies the row when it is written again.</param>
/// <param name="Row">A value for every column.</param>
internal sealed record BookkeepingEntry(string LoadId, string Identity, IReadOnlyList<(string Column, DataValue Value)> Row);

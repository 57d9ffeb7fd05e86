using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>One bookkeeping table of either format.</summary>
internal interface IBookkeepingTable
{
    /// <summary>Reads all rows, by column name; none if the table does not exist.</summary>
    Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>True when any load has appended a row with this identity.</summary>
    /// <param name="identity">Identity under which the row was appended.</param>
    /// <param name="isSame">Compares the values of a row, for formats that do not store the identity.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<bool> ContainsAsync(string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken);

    /// <summary>Removes the rows with a text in a column, except those with a text in another column.</summary>
    Task RemoveAsync(
        (string Column, string Text) removed, (string Column, string Text) kept, CancellationToken cancellationToken);

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

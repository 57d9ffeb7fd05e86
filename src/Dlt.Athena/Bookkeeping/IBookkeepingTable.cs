using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Rows of one bookkeeping table, whatever its format.</summary>
internal interface IBookkeepingTable
{
    /// <summary>All rows; none when the table is not there.</summary>
    Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>True when a row with that identity was appended by any load.</summary>
    /// <param name="identity">What the row was appended under.</param>
    /// <param name="isSame">The same of a row's values, for formats that do not keep the identity.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<bool> ContainsAsync(string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken);

    /// <summary>Removes the rows with that text in a column.</summary>
    Task RemoveAsync(string column, string value, CancellationToken cancellationToken);

    /// <summary>
    /// Appends rows, all in one moment. A second call with the same loads and identities, from any process, appends nothing.
    /// </summary>
    /// <param name="table">Columns of the table.</param>
    /// <param name="entries">The rows, at least one.</param>
    /// <param name="cancellationToken">Stops before the rows are there.</param>
    Task AppendOnceAsync(TableSchema table, IReadOnlyList<BookkeepingEntry> entries, CancellationToken cancellationToken);
}

/// <summary>A row of a bookkeeping table.</summary>
/// <param name="LoadId">The load that the row belongs to.</param>
/// <param name="Identity">What makes the row the same row when it is written again.</param>
/// <param name="Row">A value for every column.</param>
internal sealed record BookkeepingEntry(string LoadId, string Identity, IReadOnlyList<(string Column, DataValue Value)> Row);

using Dlt.Destinations.Deletion;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt;

public sealed partial class AthenaMaintenance
{
    /// <summary>
    /// Finds the rows of a root table that a condition matches, with their nested rows, and what else may hold them. Nothing is changed.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="table">The root table, an Iceberg table.</param>
    /// <param name="where">The condition, in the syntax of <see cref="Filter.Parse"/>.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="DltException">
    /// The dataset has no such table, the table is nested or an external table, or the condition cannot be evaluated.
    /// </exception>
    public async Task<DeletedRows> FindRowsAsync(
        string dataset, string table, string where, CancellationToken cancellationToken = default)
    {
        using var deletion = new RowDeletion(await ChainAsync(dataset, table, cancellationToken).ConfigureAwait(false), where);
        var found = await deletion.FindAsync(cancellationToken).ConfigureAwait(false);
        return await HoldersAsync(new() { Dataset = dataset, Table = table, Where = where, Tables = found }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Deletes the rows of a root table that a condition matches, then their nested rows.</summary>
    /// <param name="rows">What <see cref="FindRowsAsync"/> returned. Rows that came since are deleted too.</param>
    /// <param name="purges">True: the snapshots that hold the rows expire, and their files are deleted.</param>
    /// <param name="cancellationToken">Stops; a repeated call goes on.</param>
    /// <returns>The deleted rows, and what still holds them.</returns>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was deleted.</exception>
    /// <exception cref="DltException">
    /// A load writes into the tables and is not complete, so nothing was deleted; another writer changed a table again and again; or a file
    /// is damaged.
    /// </exception>
    public async Task<DeletedRows> DeleteRowsAsync(DeletedRows rows, bool purges = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        new ReadOnlyRefusal(_settings.IsReadOnly).Check("deleted");
        var chain = await ChainAsync(rows.Dataset, rows.Table, cancellationToken).ConfigureAwait(false);
        if (await PendingAsync(rows, cancellationToken).ConfigureAwait(false) is [var pending, ..]) throw NotWhile(pending, rows.Table);
        using var deletion = new RowDeletion(chain, rows.Where);
        var deleted = await deletion.DeleteAsync(purges, cancellationToken).ConfigureAwait(false);
        return await HoldersAsync(rows with { Tables = deleted }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<DeletionChain> ChainAsync(string dataset, string table, CancellationToken cancellationToken)
    {
        var database = DatabaseName.Of(_settings, dataset);
        var bookkeeping = BookkeepingOf(database, new(_settings, database), Catalog);
        var schemas = await bookkeeping.SchemasAsync(_settings.Capabilities.MaxIdentifierLength, cancellationToken).ConfigureAwait(false);
        var having = schemas.Where(s => s.TryGetTable(table, out _) && !SystemTables.IsSystemName(table)).ToList();
        if (having.Count > 0)
            return await DeletionChain.OpenAsync(having, table, Catalog, _lake.Glue, database, cancellationToken).ConfigureAwait(false);
        var tables = string.Join(", ", schemas.SelectMany(s => s.Tables).Where(t => t.Parent is null && !SystemTables.IsSystemName(t.Name))
            .Select(t => $"'{t.Name}'").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        throw new DltException($"No schema of dataset '{dataset}' has a table '{table}'. Nothing was deleted. "
            + (tables.Length > 0 ? $"Its tables are {tables}." : "The dataset has no tables of dlt: correct its name."));
    }

    /// <summary>
    /// The error while a load waits: whoever takes it back finds its rows by their files, and a merge needs the snapshots before it.
    /// </summary>
    private static DltException NotWhile(PublishObject load, string table) => new(
        $"Load {load.LoadId} writes into '{table}' or its nested tables and is not complete. Nothing was deleted. Run its pipeline, or "
        + $"give its package up with: dlt pipeline {load.Pipeline ?? "NAME"} abort-packages. Then repeat the command.");

    /// <summary>Adds the loads and tables that may hold such rows too.</summary>
    private async Task<DeletedRows> HoldersAsync(DeletedRows rows, CancellationToken cancellationToken)
    {
        var pending = await PendingAsync(rows, cancellationToken).ConfigureAwait(false);
        var database = DatabaseName.Of(_settings, rows.Dataset);
        var rejected = await _lake.Glue.GetTableAsync(database, SystemTables.Rejected, cancellationToken).ConfigureAwait(false);
        return rows with { PendingLoads = [.. pending.Select(l => l.LoadId)], RejectedTable = rejected?.Name };
    }

    /// <summary>Finds the loads that write into the tables and are not complete, in the order of their ids.</summary>
    private async Task<List<PublishObject>> PendingAsync(DeletedRows rows, CancellationToken cancellationToken)
    {
        var database = DatabaseName.Of(_settings, rows.Dataset);
        var locations = new DatasetLocations(_settings, database);
        var names = rows.Tables.Select(t => t.Table).ToHashSet(StringComparer.Ordinal);
        var folder = new PublishFolder(_lake.Objects, locations.Dataset);
        var listed = await folder.ListAsync(cancellationToken).ConfigureAwait(false);   // before the loads that are complete
        var complete = await BookkeepingOf(database, locations, Catalog).CompleteLoadsAsync(cancellationToken).ConfigureAwait(false);
        var pending = new List<PublishObject>();
        foreach (var id in listed.Keys.Where(id => !complete.Contains(id)).Order(StringComparer.Ordinal))
        {
            if (await folder.TryGetAsync(id, cancellationToken).ConfigureAwait(false) is { } load
                && load.Tables.Any(t => names.Contains(t.Name))) pending.Add(load);
        }

        return pending;
    }
}

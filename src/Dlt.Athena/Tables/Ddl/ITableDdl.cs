using Dlt.Iceberg;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Makes, widens and drops the databases and tables of a catalog, by calls of Glue or by statements of Athena. Rows and the state of loads
/// are not its concern.
/// </summary>
internal interface ITableDdl
{
    /// <summary>Makes a database.</summary>
    /// <exception cref="GlueException">The database already exists (AlreadyExistsException).</exception>
    Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken);

    /// <summary>Drops a database and its tables. Objects of external tables stay.</summary>
    /// <exception cref="GlueException">The database does not exist (EntityNotFoundException).</exception>
    Task DropDatabaseAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes an external table.</summary>
    /// <exception cref="GlueException">The table already exists (AlreadyExistsException), or the database does not
    /// (EntityNotFoundException).</exception>
    Task CreateExternalAsync(string database, GlueTableInput table, CancellationToken cancellationToken);

    /// <summary>Changes an external table.</summary>
    /// <param name="stored">The table as it was read.</param>
    /// <param name="wanted">Its new definition.</param>
    /// <param name="cancellationToken">Stops before or after the change.</param>
    /// <returns>True if the table has the new definition; false if a part is still to be changed, from the table as it is now.</returns>
    /// <exception cref="GlueException">Another writer has changed the table (ConcurrentModificationException), or it does not exist
    /// (EntityNotFoundException).</exception>
    Task<bool> ChangeExternalAsync(GlueTable stored, GlueTableInput wanted, CancellationToken cancellationToken);

    /// <summary>Drops a table. Objects of an external table stay.</summary>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task DropTableAsync(string database, string name, CancellationToken cancellationToken);

    /// <summary>Makes an Iceberg table without rows.</summary>
    /// <exception cref="IcebergException">The table already exists (<see cref="IcebergError.AlreadyExists"/>), or the service refuses its
    /// columns or partitions.</exception>
    Task<IcebergTable> CreateIcebergAsync(NewIcebergTable table, CancellationToken cancellationToken);

    /// <summary>Adds columns and fields to an Iceberg table, and sets properties.</summary>
    /// <param name="table">The table as it was read.</param>
    /// <param name="change">The columns, fields and properties.</param>
    /// <param name="cancellationToken">Stops before or after the change.</param>
    /// <returns>The table after the change. A part may still be missing.</returns>
    /// <exception cref="IcebergException">Another writer has changed the columns (<see cref="IcebergError.Conflict"/>).</exception>
    Task<IcebergTable> ChangeIcebergAsync(IcebergTable table, IcebergChange change, CancellationToken cancellationToken);
}

using Dlt.Lake;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Collects the tables of the catalog that cannot be read, with their errors. They only affect statements that read them.
/// </summary>
internal sealed class UnreadableTables
{
    private readonly Dictionary<string, Exception> _errors = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds a table with its error; of two tables with the same name, the first counts.</summary>
    public void Add(string table, Exception error) => _errors.TryAdd(table, error);

    /// <summary>Finds the error of the table that a statement did not find.</summary>
    /// <param name="error">Error of the statement.</param>
    /// <returns>Null when the statement failed for another reason.</returns>
    public Exception? ReasonOf(DuckDBException error)
    {
        foreach (var (table, reason) in _errors)
            if (error.Message.Contains($"Table with name {table} does not exist", StringComparison.OrdinalIgnoreCase)) return reason;
        return null;
    }

    /// <summary>The error of a table with an error name of Athena, unless it already has one.</summary>
    public static Exception Described(GlueTable table, Exception error) => error is DltException and not Dlt.Iceberg.IcebergException
        ? error
        : new AthenaQueryException(
            table.IsIceberg ? "ICEBERG_BAD_DATA" : "HIVE_BAD_DATA",
            $"Table '{table.DatabaseName}.{table.Name}' cannot be read: {error.Message.Split('\n')[0]}", innerException: error);
}

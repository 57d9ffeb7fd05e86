using Dlt.Lake;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>Tables of the catalog that cannot be read, with what is wrong. They hinder only the statements that read them.</summary>
internal sealed class UnreadableTables
{
    private readonly Dictionary<string, Exception> _errors = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keeps what is wrong with a table; of two tables with one name, the first counts.</summary>
    public void Add(string table, Exception error) => _errors.TryAdd(table, error);

    /// <summary>What is wrong with the table that a statement did not find.</summary>
    /// <param name="error">The error of the statement.</param>
    /// <returns>Null when the statement failed of another reason.</returns>
    public Exception? ReasonOf(DuckDBException error)
    {
        foreach (var (table, reason) in _errors)
            if (error.Message.Contains($"Table with name {table} does not exist", StringComparison.OrdinalIgnoreCase)) return reason;
        return null;
    }

    /// <summary>An error of a table under Athena's name, where it has none yet.</summary>
    public static Exception Described(GlueTable table, Exception error) => error is DltException and not Dlt.Iceberg.IcebergException
        ? error
        : new AthenaQueryException(
            table.IsIceberg ? "ICEBERG_BAD_DATA" : "HIVE_BAD_DATA",
            $"Table '{table.DatabaseName}.{table.Name}' cannot be read: {error.Message.Split('\n')[0]}", innerException: error);
}

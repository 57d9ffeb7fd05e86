using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Lake;
using Microsoft.Data.Sqlite;

namespace Dlt.Local;

internal sealed partial class SqliteGlueCatalog
{
    /// <summary>The partitions of tables; they go with their table. Their id is the JSON list of their values.</summary>
    private const string PartitionTable = """
        CREATE TABLE IF NOT EXISTS partitions (
            database TEXT NOT NULL, table_name TEXT NOT NULL, id TEXT NOT NULL, definition TEXT NOT NULL,
            PRIMARY KEY (database, table_name, id),
            FOREIGN KEY (database, table_name) REFERENCES tables (database, name) ON DELETE CASCADE);
        """;

    private const string IsPartition = "WHERE database = $database AND table_name = $table";

    public async IAsyncEnumerable<GluePartition> GetPartitionsAsync(
        string database, string table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in Rows($"SELECT definition FROM partitions {IsPartition} ORDER BY id", [.. OfTable(database, table)]))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return GlueJson.ReadPartition(JsonValue.Parse((string)row[0]));
        }
    }

    public Task<IReadOnlyList<GluePartition>> FindPartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        KeysOf(connection, null, database, table);
        var ids = JsonText.Write(JsonValue.Array([.. values.Select(v => JsonValue.String(Id(v)))]));
        var found = Rows($"SELECT definition FROM partitions {IsPartition} AND id IN (SELECT value FROM json_each($ids)) ORDER BY id",
            [.. OfTable(database, table), ("$ids", ids)]);
        return Task.FromResult<IReadOnlyList<GluePartition>>(
            [.. found.Select(r => GlueJson.ReadPartition(JsonValue.Parse((string)r[0])))]);
    }

    public Task<IReadOnlyList<GluePartitionError>> CreatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        Change(database, table, partitions.Select(p => (p.Values, (GluePartition?)p)),
            "INSERT INTO partitions (database, table_name, id, definition) VALUES ($database, $table, $id, $definition) "
                + "ON CONFLICT DO NOTHING",
            ("AlreadyExistsException", "Partition already exists."));

    public Task<IReadOnlyList<GluePartitionError>> UpdatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        Change(database, table, partitions.Select(p => (p.Values, (GluePartition?)p)),
            $"UPDATE partitions SET definition = $definition {IsPartition} AND id = $id",
            ("EntityNotFoundException", "Cannot find partition."));

    public Task<IReadOnlyList<GluePartitionError>> DeletePartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        Change(database, table, values.Select(v => (v, (GluePartition?)null)),
            $"DELETE FROM partitions {IsPartition} AND id = $id", ("EntityNotFoundException", "Cannot find partition."));

    /// <summary>Runs a statement for each partition; one that changes no row is an error of that partition.</summary>
    private Task<IReadOnlyList<GluePartitionError>> Change(
        string database, string table, IEnumerable<(ImmutableArray<string> Values, GluePartition? Partition)> partitions, string sql,
        (string Code, string Message) error)
    {
        var errors = new List<GluePartitionError>();
        partitions = [.. partitions];
        foreach (var (_, partition) in partitions) CheckComments(partition?.StorageDescriptor?.Columns, "storageDescriptor.columns");
        using var connection = Open();
        using var transaction = Begin(connection);
        var keys = KeysOf(connection, transaction, database, table);
        foreach (var (values, partition) in partitions)
        {
            if (values.Length != keys)
            {
                errors.Add(new(values, "InvalidInputException",
                    "The number of partition keys do not match the number of partition values"));
                continue;
            }

            var definition = partition is null ? "" : JsonText.Write(GlueJson.Write(partition));
            var changed = Execute(connection, transaction, sql,
                [.. OfTable(database, table), ("$id", Id(values)), ("$definition", definition)]);
            if (changed == 0) errors.Add(new(values, error.Code, error.Message));
        }

        Commit(transaction);
        return Task.FromResult<IReadOnlyList<GluePartitionError>>(errors);
    }

    /// <summary>Number of the partition keys of a table.</summary>
    /// <exception cref="GlueException">The table does not exist.</exception>
    private int KeysOf(SqliteConnection connection, SqliteTransaction? transaction, string database, string table) =>
        Scalar(connection, transaction, "SELECT definition FROM tables WHERE database = $database AND name = $table",
            [.. OfTable(database, table)]) is string definition
            ? GlueJson.ReadTable(definition).PartitionKeys?.Length ?? 0
            : throw NotFound($"Table {table} not found.");

    private static (string, object)[] OfTable(string database, string table) => [("$database", Fold(database)), ("$table", Fold(table))];

    private static string Id(ImmutableArray<string> values) => JsonText.Write(JsonValue.Array([.. values.Select(JsonValue.String)]));
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace Dlt.Local;

internal sealed partial class SqliteGlueCatalog
{
    public async IAsyncEnumerable<string> GetTableVersionIdsAsync(
        string database, string table, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var rows = Rows(
            "SELECT version FROM tables WHERE database = $database AND name = $name UNION "
                + "SELECT version FROM table_versions WHERE database = $database AND name = $name ORDER BY version DESC",
            ("$database", Fold(database)), ("$name", Fold(table)));
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ((long)row[0]).ToString(CultureInfo.InvariantCulture);
        }
    }

    public Task DeleteTableVersionsAsync(
        string database, string table, IReadOnlyCollection<string> versionIds, CancellationToken cancellationToken = default)
    {
        (string, object)[] key = [("$database", Fold(database)), ("$name", Fold(table))];
        using var connection = Open();
        using var transaction = Begin(connection);
        if (Scalar(connection, transaction, "SELECT 1 FROM tables WHERE database = $database AND name = $name", key) is null)
            throw NotFound($"Table {table} not found.");
        var ids = JsonText.Write(JsonValue.Array([.. versionIds.Select(JsonValue.String)]));
        Execute(
            connection, transaction,
            "DELETE FROM table_versions WHERE database = $database AND name = $name "
                + "AND version IN (SELECT CAST(value AS INTEGER) FROM json_each($ids))",
            [.. key, ("$ids", ids)]);
        Commit(transaction);
        return Task.CompletedTask;
    }
}

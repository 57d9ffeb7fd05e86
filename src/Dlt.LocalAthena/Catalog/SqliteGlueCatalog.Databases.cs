using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Local;

internal sealed partial class SqliteGlueCatalog
{
    public Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        var definition = Scalar(connection, null, "SELECT definition FROM databases WHERE name = $name", ("$name", Fold(name))) as string;
        return Task.FromResult(definition is null ? null : GlueJson.ReadDatabase(definition));
    }

    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in Rows("SELECT definition FROM databases ORDER BY name"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return GlueJson.ReadDatabase((string)row[0]);
        }
    }

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default)
    {
        var name = CheckName(database.Name, "databaseInput.name");
        using var connection = Open();
        var added = Execute(
            connection, null,
            "INSERT INTO databases (name, definition, created_at) VALUES ($name, $definition, $now) ON CONFLICT DO NOTHING",
            ("$name", name), ("$definition", GlueJson.Write(database with { Name = name })), ("$now", Now()));
        return added == 1 ? Task.CompletedTask : throw new GlueException("AlreadyExistsException", "Database already exists.");
    }

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        using var transaction = Begin(connection);
        Execute(connection, transaction, "DELETE FROM table_versions WHERE database = $name", ("$name", Fold(name)));
        var deleted = Execute(connection, transaction, "DELETE FROM databases WHERE name = $name", ("$name", Fold(name)));
        Commit(transaction);
        return deleted == 1 ? Task.CompletedTask : throw NotFound($"Database {name} not found.");
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Local;

internal sealed partial class SqliteGlueCatalog
{
    private const int KeptVersions = 100;

    public Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Tables("WHERE database = $database AND name = $name", ("$database", Fold(database)), ("$name", Fold(name)))
            .FirstOrDefault());

    public async IAsyncEnumerable<GlueTable> GetTablesAsync(
        string database, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var table in Tables("WHERE database = $database ORDER BY name", ("$database", Fold(database))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return table;
        }
    }

    public async IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var wanted = JsonText.Write(JsonValue.Array([.. names.Select(n => JsonValue.String(Fold(n)))]));
        foreach (var table in Tables(
            "WHERE database = $database AND name IN (SELECT value FROM json_each($names)) ORDER BY name",
            ("$database", Fold(database)), ("$names", wanted)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return table;
        }
    }

    public Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default)
    {
        var name = CheckName(table.Name, "tableInput.name");
        CheckTexts(table);
        using var connection = Open();
        using var transaction = Begin(connection);
        if (Scalar(connection, transaction, "SELECT 1 FROM databases WHERE name = $name", ("$name", Fold(database))) is null)
            throw NotFound($"Database {database} not found.");
        var added = Execute(
            connection, transaction,
            "INSERT INTO tables (database, name, version, definition, created_at, updated_at) VALUES ($database, $name, 0, $definition, "
                + "$now, $now) ON CONFLICT DO NOTHING",
            ("$database", Fold(database)), ("$name", name), ("$definition", GlueJson.Write(Folded(table))), ("$now", Now()));
        if (added == 0) throw new GlueException("AlreadyExistsException", "Table already exists.");
        Commit(transaction);
        return Task.CompletedTask;
    }

    public Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null,
        bool skipArchive = false, CancellationToken cancellationToken = default)
    {
        CheckTexts(table);
        (string, object)[] key = [("$database", Fold(database)), ("$name", Fold(table.Name))];
        using var connection = Open();
        using var transaction = Begin(connection);
        if (Scalar(connection, transaction, "SELECT version FROM tables WHERE database = $database AND name = $name",
            key) is not long version) throw NotFound($"Table {table.Name} not found.");
        if (versionId is not null && versionId != version.ToString(CultureInfo.InvariantCulture))
            throw new GlueException(
                "ConcurrentModificationException", "Update table failed due to concurrent modifications.")
            { IsTransient = true };
        if (!skipArchive)
        {
            Execute(connection, transaction,
                "INSERT INTO table_versions SELECT database, name, version, definition, updated_at FROM tables WHERE database = $database "
                    + "AND name = $name", key);
            Execute(connection, transaction,
                $"DELETE FROM table_versions WHERE database = $database AND name = $name AND version <= {version - KeptVersions}", key);
        }

        Execute(
            connection, transaction,
            "UPDATE tables SET version = version + 1, definition = $definition, updated_at = $now WHERE database = $database AND "
                + "name = $name",
            [.. key, ("$definition", GlueJson.Write(Folded(table))), ("$now", Now())]);
        Commit(transaction);
        return Task.CompletedTask;
    }

    public Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default)
    {
        (string, object)[] key = [("$database", Fold(database)), ("$name", Fold(name))];
        using var connection = Open();
        using var transaction = Begin(connection);
        Execute(connection, transaction, "DELETE FROM table_versions WHERE database = $database AND name = $name", key);
        var deleted = Execute(connection, transaction, "DELETE FROM tables WHERE database = $database AND name = $name", key);
        Commit(transaction);
        return deleted == 1 ? Task.CompletedTask : throw NotFound($"Table {name} not found.");
    }

    /// <summary>Refuses comments and descriptions as Glue does.</summary>
    private static void CheckTexts(GlueTableInput table)
    {
        if (table.Description is { } description && GlueText.Description(description) != description)
            throw InvalidText(description, "tableInput.description", "2048 bytes and no control characters but tabs and line breaks");
        CheckComments(table.StorageDescriptor?.Columns, "tableInput.storageDescriptor.columns");
        CheckComments(table.PartitionKeys, "tableInput.partitionKeys");
    }

    private static void CheckComments(ImmutableArray<GlueColumn>? columns, string field)
    {
        foreach (var column in columns ?? [])
        {
            if (column.Comment is { } comment && GlueText.Comment(comment) != comment)
                throw InvalidText(comment, $"{field}.{column.Name}.comment", "255 bytes and no control characters but tabs");
        }
    }

    private static GlueException InvalidText(string text, string field, string limit) => new("ValidationException",
        $"1 validation error detected: Value '{text}' at '{field}' failed to satisfy constraint: Member must have at most {limit}.");

    /// <summary>The definition with names in lower case, as Glue stores them.</summary>
    private static GlueTableInput Folded(GlueTableInput table) => table with
    {
        Name = Fold(table.Name),
        StorageDescriptor = table.StorageDescriptor is { } storage
            ? storage with { Columns = [.. storage.Columns.Select(c => c with { Name = Fold(c.Name) })] } : null,
        PartitionKeys = table.PartitionKeys is { } keys ? [.. keys.Select(k => k with { Name = Fold(k.Name) })] : null,
    };

    private IEnumerable<GlueTable> Tables(string where, params (string, object)[] parameters) =>
        Rows($"SELECT database, definition, version, created_at, updated_at FROM tables {where}", parameters)
            .Select(r => new GlueTable((string)r[0], GlueJson.ReadTable((string)r[1]), ((long)r[2]).ToString(CultureInfo.InvariantCulture),
                Time(r[3]), Time(r[4])));
}

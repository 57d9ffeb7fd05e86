using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Lake;

namespace Dlt.Destinations.Previews;

/// <summary>Reads another catalog, and keeps what is made, changed and dropped in memory.</summary>
/// <param name="inner">The catalog. Only methods that read are called.</param>
internal sealed partial class PreviewCatalog(IGlueCatalog inner) : IGlueCatalog
{
    /// <summary>Databases that were made, or null for one that was dropped, by name in lower case.</summary>
    private readonly ConcurrentDictionary<string, GlueDatabase?> _databases = new(StringComparer.Ordinal);

    /// <summary>Tables that were made or changed, or null for one that was dropped, by names in lower case.</summary>
    private readonly ConcurrentDictionary<(string Database, string Table), GlueTable?> _tables = new();

    private readonly Lock _lock = new();
    private long _version;

    public Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        _databases.TryGetValue(Fold(name), out var changed) ? Task.FromResult(changed) : inner.GetDatabaseAsync(name, cancellationToken);

    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var all = new SortedDictionary<string, GlueDatabase>(StringComparer.Ordinal);
        await foreach (var stored in inner.GetDatabasesAsync(cancellationToken).ConfigureAwait(false)) all[Fold(stored.Name)] = stored;
        foreach (var (name, changed) in _databases)
        {
            if (changed is null) all.Remove(name);
            else all[name] = changed;
        }

        foreach (var database in all.Values) yield return database;
    }

    public async Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default)
    {
        if (await GetDatabaseAsync(database.Name, cancellationToken).ConfigureAwait(false) is not null)
            throw new GlueException("AlreadyExistsException", "Database already exists.");
        _databases[Fold(database.Name)] = database with { Name = Fold(database.Name) };
    }

    public async Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        if (await GetDatabaseAsync(name, cancellationToken).ConfigureAwait(false) is null) throw NotFound($"Database {name}");
        await foreach (var table in GetTablesAsync(name, cancellationToken).ConfigureAwait(false)) _tables[(Fold(name), table.Name)] = null;
        _databases[Fold(name)] = null;
    }

    public Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        _tables.TryGetValue((Fold(database), Fold(name)), out var changed)
            ? Task.FromResult(changed)
            : inner.GetTableAsync(database, name, cancellationToken);

    public IAsyncEnumerable<GlueTable> GetTablesAsync(string database, CancellationToken cancellationToken = default) =>
        WithChangesAsync(database, inner.GetTablesAsync(database, cancellationToken), _ => true, cancellationToken);

    public IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, CancellationToken cancellationToken = default)
    {
        var wanted = names.Select(Fold).ToHashSet(StringComparer.Ordinal);
        var stored = wanted.Where(n => !_tables.ContainsKey((Fold(database), n))).ToList();
        var found = stored.Count == 0
            ? AsyncEnumerable.Empty<GlueTable>()
            : inner.FindTablesAsync(database, stored, cancellationToken);
        return WithChangesAsync(database, found, wanted.Contains, cancellationToken);
    }

    public async Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default)
    {
        if (await GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is null) throw NotFound($"Database {database}");
        if (await GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false) is not null)
            throw new GlueException("AlreadyExistsException", "Table already exists.");
        Store(database, table);
    }

    public async Task UpdateTableAsync(
        string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default)
    {
        var stored = await GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false)
            ?? throw NotFound($"Table {table.Name}");
        lock (_lock)
        {
            var current = _tables.TryGetValue((Fold(database), Fold(table.Name)), out var changed) ? changed : stored;
            if (versionId is not null && current?.VersionId != versionId)
                throw new GlueException("ConcurrentModificationException", "Another change was first.") { IsTransient = true };
            Store(database, table);
        }
    }

    public async Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default)
    {
        if (await GetTableAsync(database, name, cancellationToken).ConfigureAwait(false) is null) throw NotFound($"Table {name}");
        _tables[(Fold(database), Fold(name))] = null;
    }

    private async IAsyncEnumerable<GlueTable> WithChangesAsync(
        string database, IAsyncEnumerable<GlueTable> stored, Func<string, bool> isWanted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = new SortedDictionary<string, GlueTable>(StringComparer.Ordinal);
        await foreach (var table in stored.WithCancellation(cancellationToken).ConfigureAwait(false)) all[Fold(table.Name)] = table;
        foreach (var ((ofDatabase, name), changed) in _tables)
        {
            if (ofDatabase != Fold(database) || !isWanted(name)) continue;
            if (changed is null) all.Remove(name);
            else all[name] = changed;
        }

        foreach (var table in all.Values) yield return table;
    }

    private void Store(string database, GlueTableInput table)
    {
        var version = string.Create(CultureInfo.InvariantCulture, $"preview-{Interlocked.Increment(ref _version)}");
        var named = table with { Name = Fold(table.Name) };
        _tables[(Fold(database), named.Name)] = new(Fold(database), named, version, null, null);
    }

    private static GlueException NotFound(string what) => new("EntityNotFoundException", $"{what} not found.");

    private static string Fold(string name) => name.ToLowerInvariant();
}

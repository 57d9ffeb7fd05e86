namespace Dlt.Iceberg;

/// <summary>Holds the changes of a transaction in their order, and the table after them: a later change is planned on the result of the
/// earlier changes.</summary>
/// <param name="table">The table that the transaction started with.</param>
internal sealed class PlannedChanges(Table table)
{
    private readonly List<TransactionAction> _actions = [];
    private readonly List<string> _written = [];
    private readonly HashSet<long> _ownSnapshots = [];
    private TableMetadata _result = table.Metadata;
    private int _planned;
    private int _applications;
    private string? _end;

    /// <summary>The changes in the order in which they were added.</summary>
    public IReadOnlyList<TransactionAction> Actions => _actions;

    /// <summary>Locations of the manifests and manifest lists that all attempts have written.</summary>
    public IReadOnlyList<string> Written => _written;

    /// <summary>Ids of the snapshots that the changes may create, the same in every attempt.</summary>
    public IReadOnlySet<long> OwnSnapshots => _ownSnapshots;

    public void Add(TransactionAction action)
    {
        _actions.Add(action);
        if (action.OwnSnapshotId is { } id) _ownSnapshots.Add(id);
    }

    /// <summary>Ends the transaction after a commit, or after a failure that deleted its manifests. Its changes cannot be committed
    /// again.</summary>
    /// <param name="why">Message of the error that further use throws.</param>
    public void End(string why) => _end = why;

    /// <summary>Returns the table as the changes so far make it. Nothing is committed.</summary>
    /// <exception cref="IcebergException">A change is not legal.</exception>
    public async Task<Table> ResultAsync(CancellationToken cancellationToken)
    {
        if (_actions.Count == 0) return table;
        _result = (await PrepareAsync(_result, _planned, cancellationToken).ConfigureAwait(false)).Metadata;
        _planned = _actions.Count;
        return new Table(table.Identifier!, _result, table.MetadataLocation, table.Files, table.Catalog);
    }

    /// <summary>Prepares the commit of all changes.</summary>
    /// <param name="basis">Metadata of the current version of the table.</param>
    /// <param name="cancellationToken">Cancels the preparation.</param>
    /// <exception cref="IcebergException">A change is not legal, or contradicts a commit that was made since it was planned.</exception>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    public async Task<TableCommit> PrepareAsync(TableMetadata basis, CancellationToken cancellationToken) =>
        TableCommit.Of(basis, (await PrepareAsync(basis, 0, cancellationToken).ConfigureAwait(false)).Updates);

    /// <summary>Returns whether the table contains all snapshots of the transaction, which shows that the commit was made.</summary>
    public bool HaveLanded(TableMetadata metadata)
    {
        List<long> made = [.. _actions.Select(a => a.SnapshotId).OfType<long>()];
        return made.Count > 0 && made.TrueForAll(id => metadata.Find(id) is not null);
    }

    /// <summary>Lists the written files that the committed table does not name: manifest lists of earlier attempts and merged
    /// manifests.</summary>
    /// <exception cref="IcebergException">A manifest list cannot be read.</exception>
    public async Task<IReadOnlyList<string>> UnusedAsync(TableMetadata committed, CancellationToken cancellationToken)
    {
        if (_written.Count <= 2 && _applications == 1) return [];   // the usual commit: one manifest and its list, both in use
        var unused = _written.ToHashSet(StringComparer.Ordinal);
        unused.ExceptWith(committed.Snapshots.Select(s => s.ManifestList).OfType<string>());
        if (unused.Count == 0) return [];
        var reader = new SnapshotReader(table.Files, committed);
        foreach (var snapshot in committed.Snapshots.Where(s => s.ManifestList is { } list && _written.Contains(list)))
        {
            var manifests = await reader.ManifestsAsync(snapshot, cancellationToken).ConfigureAwait(false);
            unused.ExceptWith(manifests.Select(m => m.Path));
        }

        return [.. unused];
    }

    private async Task<TableMetadataBuilder> PrepareAsync(TableMetadata metadata, int from, CancellationToken cancellationToken)
    {
        if (_end is not null) throw new InvalidOperationException(_end);
        var catalog = table.Catalog!;
        var attempt = new CommitAttempt(table.Files, catalog.DataFileReader, catalog.Time.GetUtcNow(), ++_applications, _written);
        var builder = new TableMetadataBuilder(metadata, attempt.Now);
        foreach (var action in _actions[from..])
            builder.Apply(await action.PrepareAsync(builder.Metadata, attempt, cancellationToken).ConfigureAwait(false));
        return builder;
    }
}

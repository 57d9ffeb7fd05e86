using System.Diagnostics;
using Dlt.Retries;

namespace Dlt.Iceberg;

/// <summary>Makes the changes of a transaction the table's: prepares them on the table as it is, commits them, and tries again when
/// another commit was faster (docs/spec/iceberg.md 6.1).</summary>
/// <param name="table">The table that the changes were planned on.</param>
/// <param name="changes">What is to be changed.</param>
/// <param name="isPatient">True: the change contradicts no other, so that it is only a matter of tries.</param>
internal sealed class CommitLoop(Table table, PlannedChanges changes, bool isPatient)
{
    private readonly Catalog _catalog = table.Catalog!;
    private readonly RetrySettings _retries = new(table.Metadata.Properties, isPatient);
    private readonly RetryWaits _waits = new(table.Catalog!.Time, text => table.Catalog!.Warn?.Invoke(text));

    public Task<Table> RunAsync(CancellationToken cancellationToken) =>
        DltDiagnostics.TraceAsync(CommitDiagnostics.Span, ActivityKind.Internal, span =>
        {
            span?.SetTag(CommitDiagnostics.Table, table.Name);
            return CommitOrEndAsync(span, cancellationToken);
        });

    private async Task<Table> CommitOrEndAsync(Activity? span, CancellationToken cancellationToken)
    {
        try
        {
            return await CommitAsync(span, cancellationToken).ConfigureAwait(false);
        }
        catch (IcebergException error) when (error.Error != IcebergError.CommitStateUnknown)
        {
            changes.End(
                $"This transaction of table '{table.Name}' has failed, and its manifests were deleted. Nothing was committed. Load the "
                + "table, and make the changes in a new transaction.");
            await DeleteAsync(changes.Written).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Table> CommitAsync(Activity? span, CancellationToken cancellationToken)
    {
        var basis = table;
        var isFresh = false;
        var began = _catalog.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            span?.SetTag(CommitDiagnostics.Attempts, attempt);
            var commit = await changes.PrepareAsync(basis.Metadata, cancellationToken).ConfigureAwait(false);
            while (commit.Updates.IsEmpty)
            {
                // That there is nothing to do is decided on the table as it is now, not as it was when it was loaded.
                if (isFresh) return await UnchangedAsync(basis).ConfigureAwait(false);
                basis = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
                isFresh = true;
                commit = await changes.PrepareAsync(basis.Metadata, cancellationToken).ConfigureAwait(false);
            }

            var result = await _catalog.CommitTableAsync(basis, commit, cancellationToken).ConfigureAwait(false);
            if (result.Outcome == CommitOutcome.Unknown)
                result = await FindOutAsync(basis, result.Table, cancellationToken).ConfigureAwait(false);
            if (result.Outcome == CommitOutcome.Committed) return await FinishAsync(basis, result.Table!).ConfigureAwait(false);
            if (attempt - 1 >= _retries.Retries || _catalog.Time.GetElapsedTime(began) > _retries.TotalTimeout)
            {
                throw new IcebergException(
                    IcebergError.Conflict,
                    $"Table '{table.Name}' was changed by others during each of {attempt} attempts to commit. Nothing was committed. "
                    + "Load the table and try again with a new transaction, or raise the table's property commit.retry.num-retries.");
            }

            var attempts = _retries.Retries == int.MaxValue ? int.MaxValue : _retries.Retries + 1;
            var story = $"Others were faster than a commit to table '{table.Name}'";
            CommitDiagnostics.Retries.Add(1);
            await _waits.WaitAsync(story, attempt, attempts, _retries.Wait(attempt), cancellationToken).ConfigureAwait(false);
            var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
            if (changes.HaveLanded(now.Metadata)) return await FinishAsync(basis, now).ConfigureAwait(false);
            basis = now;
            isFresh = true;
        }
    }

    /// <summary>Looks at the table after a lost answer, until it tells what became of the commit (docs/spec/iceberg.md 6.8).</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="sent">The table as the commit would make it; null where the server writes the metadata.</param>
    /// <param name="cancellationToken">Stops.</param>
    private async Task<CommitResult> FindOutAsync(Table basis, Table? sent, CancellationToken cancellationToken)
    {
        for (var check = 1; check <= _retries.StatusChecks; check++)
        {
            var story = $"The answer to a commit to table '{table.Name}' was lost, so the table is looked at";
            await _waits.WaitAsync(story, check, _retries.StatusChecks, _retries.StatusWait(check), cancellationToken)
                .ConfigureAwait(false);
            try
            {
                var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
                if (changes.HaveLanded(now.Metadata) || (sent is not null && IsOrWas(now, sent.MetadataLocation)))
                    return CommitResult.Committed(sent ?? now);
                // Another commit is current: one that depends on what was before it can never succeed any more.
                // Where the server names the files, it may be this very one, if no snapshot tells.
                var isTold = sent is not null || changes.Actions.Any(a => a.SnapshotId is not null);
                if (now.MetadataLocation != basis.MetadataLocation && isTold) return CommitResult.Conflict;
            }
            catch (DltException) when (check < _retries.StatusChecks)
            {
                // The catalog does not answer yet.
            }
        }

        throw new IcebergException(
            IcebergError.CommitStateUnknown,
            $"The answer to a commit to table '{table.Name}' was lost, and the table does not show it; it may still come. All files "
                + "were kept. "
            + "Look at the table's snapshots before committing again"
            + (sent is null ? "." : $"; {sent.MetadataLocation} would be its metadata file.")) { File = sent?.MetadataLocation };
    }

    /// <summary>Tells whether a metadata file is the table's current one, or was before.</summary>
    private static bool IsOrWas(Table now, string location) =>
        now.MetadataLocation == location || now.Metadata.MetadataLog.Any(e => e.MetadataFile == location);

    /// <summary>Manifests of an attempt that came to nothing are not needed.</summary>
    private async Task<Table> UnchangedAsync(Table basis)
    {
        End();
        await DeleteAsync(changes.Written).ConfigureAwait(false);
        return basis;
    }

    private void End() =>
        changes.End(
            $"This transaction of table '{table.Name}' is committed, and its changes are not made twice. Make further ones in a new "
            + "transaction.");

    /// <summary>Deletes what the commit does not need, and warns. Clean-up failures do not fail the commit.</summary>
    private async Task<Table> FinishAsync(Table basis, Table committed)
    {
        CommitDiagnostics.Commits.Add(1);
        End();
        var next = committed.Metadata;
        try
        {
            await DeleteAsync(await changes.UnusedAsync(next, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            if (_catalog.WritesMetadata && next.Properties.GetValueOrDefault("write.metadata.delete-after-commit.enabled") == "true")
            {
                var dropped = basis.Metadata.MetadataLog.Select(e => e.MetadataFile).Except(next.MetadataLog.Select(e => e.MetadataFile));
                await DeleteAsync([.. dropped]).ConfigureAwait(false);
            }
        }
        catch (DltException)
        {
            // What was not deleted is found by the removal of orphans.
        }

        await _catalog.WarnOfAsync(committed, CancellationToken.None).ConfigureAwait(false);
        return committed;
    }

    /// <summary>Files that nothing needs; one that stays is found by the removal of orphans.</summary>
    private async Task DeleteAsync(IReadOnlyCollection<string> files)
    {
        if (files.Count == 0) return;
        try
        {
            await table.Files.DeleteAsync([.. files.Distinct()], CancellationToken.None).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The commit, or its failure, matters more.
        }
    }
}

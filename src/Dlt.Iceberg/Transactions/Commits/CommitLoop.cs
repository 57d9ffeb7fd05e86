using System.Diagnostics;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Commits the changes of a transaction: prepares them on the current version of the table, commits them, and tries again when
/// another writer committed first (docs/spec/iceberg.md 6.1).</summary>
/// <param name="table">The table that the changes were planned on.</param>
/// <param name="changes">The changes of the transaction.</param>
/// <param name="isPatient">True retries until the total time-out: the changes cannot contradict other commits.</param>
internal sealed class CommitLoop(Table table, PlannedChanges changes, bool isPatient)
{
    /// <summary>Times that a patient commit is sent again after its answer was lost and the table did not show it.</summary>
    private const int MaxRepetitions = 5;

    private readonly Catalog _catalog = table.Catalog!;
    private readonly List<Table> _sent = [];
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
                $"This transaction of table '{table.Name}' has failed and its manifests were deleted. Nothing was committed. Load the "
                + "table and make the changes in a new transaction.");
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
                // Only the current version can show that there is nothing to do; the loaded version may be outdated.
                if (isFresh) return await UnchangedAsync(basis).ConfigureAwait(false);
                basis = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
                isFresh = true;
                commit = await changes.PrepareAsync(basis.Metadata, cancellationToken).ConfigureAwait(false);
            }

            var result = await SendAsync(basis, commit, cancellationToken).ConfigureAwait(false);
            if (result.Outcome == CommitOutcome.Committed) return await FinishAsync(basis, result.Table!).ConfigureAwait(false);
            if (attempt - 1 >= _retries.Retries || _catalog.Time.GetElapsedTime(began) > _retries.TotalTimeout)
            {
                throw new IcebergException(
                    IcebergError.Conflict,
                    $"Other writers changed table '{table.Name}' during each of {attempt} attempts to commit. Nothing was committed. "
                    + "Load the table and try again with a new transaction, or raise the table property commit.retry.num-retries.");
            }

            var attempts = _retries.Retries == int.MaxValue ? int.MaxValue : _retries.Retries + 1;
            var story = $"Another writer committed to table '{table.Name}' first";
            CommitDiagnostics.Retries.Add(1);
            await _waits.WaitAsync(story, attempt, attempts, _retries.Wait(attempt), cancellationToken).ConfigureAwait(false);
            var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
            if (changes.HaveLanded(now.Metadata) || _sent.Exists(s => IsOrWas(now, s.MetadataLocation)))
                return await FinishAsync(basis, now).ConfigureAwait(false);
            basis = now;
            isFresh = true;
        }
    }

    /// <summary>
    /// Sends a commit. If its answer is lost and the table does not show it, a patient commit is sent again on the same version of the
    /// table: the catalog exchanges that version once, so whichever arrives first is made, and the other is refused.
    /// </summary>
    private async Task<CommitResult> SendAsync(Table basis, TableCommit commit, CancellationToken cancellationToken)
    {
        for (var repetition = 0; ; repetition++)
        {
            var result = await _catalog.CommitTableAsync(basis, commit, cancellationToken).ConfigureAwait(false);
            if (result.Outcome != CommitOutcome.Unknown) return result;
            if (result.Table is { } sent) _sent.Add(sent);
            var mayRepeat = isPatient && _catalog.WritesMetadata && repetition < MaxRepetitions;
            if (await FindOutAsync(basis, result.Table, mayRepeat, cancellationToken).ConfigureAwait(false) is { } found) return found;
        }
    }

    /// <summary>Reads the table after a lost answer until it shows whether the commit was made (docs/spec/iceberg.md 6.8).</summary>
    /// <param name="basis">The table that the commit was prepared on.</param>
    /// <param name="sent">The table as the commit changes it; null when the server of the catalog writes the metadata.</param>
    /// <param name="mayRepeat">True when the commit may be sent again.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    /// <returns>Null when the commit may be sent again and the table is still the one that it was prepared on.</returns>
    private async Task<CommitResult?> FindOutAsync(
        Table basis, Table? sent, bool mayRepeat, CancellationToken cancellationToken)
    {
        DltException? unread = null;
        for (var check = 1; check <= _retries.StatusChecks; check++)
        {
            var story = $"The answer to a commit to table '{table.Name}' was lost, so the table is read again";
            await _waits.WaitForCheckAsync(story, check, _retries.StatusChecks, _retries.StatusWait(check), cancellationToken)
                .ConfigureAwait(false);
            try
            {
                var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
                unread = null;
                if (_sent.Find(s => IsOrWas(now, s.MetadataLocation)) is { } made) return CommitResult.Committed(made);
                if (changes.HaveLanded(now.Metadata)) return CommitResult.Committed(now);
                // When another commit is current, this one can no longer succeed. But without a known file name or snapshot, the current
                // commit may be this one.
                var isRecognizable = sent is not null || changes.Actions.Any(a => a.SnapshotId is not null);
                if (now.MetadataLocation != basis.MetadataLocation && isRecognizable) return CommitResult.Conflict;
            }
            catch (DltException error)
            {
                // The catalog does not answer yet, so the next check asks again. After the last one the files must still be kept.
                unread = error;
            }
        }

        if (mayRepeat && unread is null) return null;
        var seen = unread is null
            ? "does not show the commit, which may still be made"
            : "cannot be read, so the commit may have been made";
        var metadataFile = sent is null ? "" : $" The metadata file of the commit is {sent.MetadataLocation}.";
        throw new IcebergException(
            IcebergError.CommitStateUnknown,
            $"The answer to a commit to table '{table.Name}' was lost, and the table {seen}. "
            + $"All files were kept. Check the snapshots of the table before you commit again.{metadataFile}",
            unread)
        {
            File = sent?.MetadataLocation,
        };
    }

    /// <summary>Returns whether a metadata file is, or once was, the current one of the table.</summary>
    private static bool IsOrWas(Table now, string location) =>
        now.MetadataLocation == location || now.Metadata.MetadataLog.Any(e => e.MetadataFile == location);

    /// <summary>Ends a transaction that changes nothing, and deletes the manifests that its attempts wrote.</summary>
    private async Task<Table> UnchangedAsync(Table basis)
    {
        End();
        await DeleteAsync(changes.Written).ConfigureAwait(false);
        return basis;
    }

    private void End() =>
        changes.End(
            $"This transaction of table '{table.Name}' is committed and cannot be used again. Make further changes in a new transaction.");

    /// <summary>Deletes the files that the committed table does not need, and warns. Clean-up failures do not fail the commit.</summary>
    private async Task<Table> FinishAsync(Table basis, Table committed)
    {
        CommitDiagnostics.Commits.Add(1);
        End();
        var next = committed.Metadata;
        try
        {
            await DeleteAsync(await changes.UnusedAsync(next, CancellationToken.None).ConfigureAwait(false)).ConfigureAwait(false);
            // Commits that were sent before and not made: the catalog refuses them from now on.
            await DeleteAsync([.. _sent.Select(s => s.MetadataLocation).Where(s => !IsOrWas(committed, s))]).ConfigureAwait(false);
            if (_catalog.WritesMetadata && next.Properties.GetValueOrDefault("write.metadata.delete-after-commit.enabled") == "true")
            {
                var dropped = basis.Metadata.MetadataLog.Select(e => e.MetadataFile).Except(next.MetadataLog.Select(e => e.MetadataFile));
                await DeleteAsync([.. dropped]).ConfigureAwait(false);
            }
        }
        catch (DltException)
        {
            // RemoveOrphanFilesAsync finds the files that were not deleted.
        }

        await _catalog.WarnOfAsync(committed, CancellationToken.None).ConfigureAwait(false);
        return committed;
    }

    /// <summary>Deletes files that nothing needs. RemoveOrphanFilesAsync finds files that cannot be deleted now.</summary>
    private async Task DeleteAsync(IReadOnlyCollection<string> files)
    {
        if (files.Count == 0) return;
        try
        {
            await table.Files.DeleteAsync([.. files.Distinct()], CancellationToken.None).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // The caller must see the commit or its failure, not a failed clean-up.
        }
    }
}

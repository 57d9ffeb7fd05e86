using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Removes what a load has written that was begun and not completed. Its publish object is marked first, under the condition that the load
/// has not written it since, and goes last: an interrupted removal is repeated.
/// </summary>
/// <param name="folder">The publish objects.</param>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="layout">Layout of file keys.</param>
/// <param name="staged">Removes staged files of Iceberg tables, and opens the tables.</param>
internal sealed class LoadRemoval(
    PublishFolder folder, IObjectStore objects, ObjectLocation dataset, FileLayout layout, AbandonedFiles staged)
{
    /// <returns>Tables whose rows the load has already replaced; its rows stay in them.</returns>
    /// <exception cref="DltException">Another process goes on with the load. Nothing was removed.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string loadId, CancellationToken cancellationToken)
    {
        if (await folder.TryGetStoredAsync(loadId, cancellationToken).ConfigureAwait(false) is not { } stored) return [];
        if (await folder.TryMarkTakenBackAsync(stored, cancellationToken).ConfigureAwait(false) is not { } load)
        {
            throw new DltException($"Load {loadId} goes on in another process: it has just written {folder.LocationOf(loadId)}. Nothing of "
                + "it was removed, and the packages stay pending. Stop that process first.");
        }

        var replaced = new List<string>();
        foreach (var table in load.Tables)
        {
            if (table.IsExternal ? await RemoveFilesAsync(load, table, cancellationToken).ConfigureAwait(false)
                : await RemoveRowsAsync(load, table, cancellationToken).ConfigureAwait(false)) continue;
            replaced.Add(table.Name);
        }

        await staged.RemoveAsync(load, cancellationToken).ConfigureAwait(false);
        await folder.RemoveAsync([loadId], cancellationToken).ConfigureAwait(false);
        return replaced;
    }

    /// <returns>False when the load has removed the earlier files already; its own then stay.</returns>
    private async Task<bool> RemoveFilesAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        var own = new List<string>();
        var hasOthers = false;
        var prefix = dataset.Combine(layout.TablePrefix(table.Name));
        await foreach (var found in objects.ListAsync(prefix.Bucket, prefix.Key, cancellationToken).ConfigureAwait(false))
        {
            var key = found.Location.Key;
            if (table.Keys.Contains(key) && load.HasWritten(key, found.LastModified)) own.Add(key);
            else hasOthers = true;
        }

        if (own.Count == 0) return true;
        if (table.ReplacesAllRows && !hasOthers) return false;
        await objects.DeleteAsync(dataset.Bucket, own, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes committed rows from an Iceberg table in a snapshot of their own. Staged files without a commit stay.</summary>
    /// <returns>False when the load has replaced the rows of the table.</returns>
    private async Task<bool> RemoveRowsAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        if (table.Files.IsEmpty || await staged.TryOpenAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored)
            return true;
        if (!StepRecord.Has(stored.Metadata, new(load.LoadId, StepIdentity.Data))) return true;
        if (table.MayRemoveRows) return false;
        var action = new OverwriteAction { Removes = (_, entry) => StagedName.IsIn(entry.File.FilePath, table.Files) };
        await stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }
}

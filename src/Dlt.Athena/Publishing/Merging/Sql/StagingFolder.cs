using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Files of loads in the staging dataset. Athena reads all files below the folder of a staging table, so the folder has the files of one
/// load and no others when a merge begins.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the staging dataset.</param>
/// <param name="layout">Determines the folders of the tables.</param>
internal sealed class StagingFolder(IObjectStore objects, ObjectLocation dataset, FileLayout layout)
{
    /// <summary>Uploads files, and knows their sizes.</summary>
    public UploadedFiles Files { get; } = new(objects);

    /// <summary>Location of the file of a job. Its name is not that of the layout: no other job ever has it.</summary>
    public ObjectLocation KeyOf(LoadJob job) =>
        FolderOf(job.Table.Name).Combine($"{PrefixOf(job.LoadId)}{job.FileId}.{job.Format}");

    /// <summary>The file of a job that is staged.</summary>
    public StagedFile FileOf(LoadJob job) => StagedFile.Of(job, KeyOf);

    /// <summary>Removes the files in the folder of a table that are not of a load.</summary>
    public Task EmptyAsync(string table, string loadId, CancellationToken cancellationToken) =>
        DeleteAsync(table, name => !name.StartsWith(PrefixOf(loadId), StringComparison.Ordinal), cancellationToken);

    /// <summary>Removes the files of a load in the folder of a table.</summary>
    public Task RemoveAsync(string table, string loadId, CancellationToken cancellationToken) =>
        DeleteAsync(table, name => name.StartsWith(PrefixOf(loadId), StringComparison.Ordinal), cancellationToken);

    /// <summary>Checks that the folder of a table has the given files, whole, and no others.</summary>
    /// <exception cref="DltException">It has not; another pipeline may use it.</exception>
    public async Task CheckAsync(string table, IEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        var expected = files.ToDictionary(f => f.Location.Key, f => f.Size, StringComparer.Ordinal);
        var folder = FolderOf(table);
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            found[file.Location.Key] = file.Size;
        var wrong = expected.Except(found).Concat(found.Except(expected)).Select(f => f.Key).FirstOrDefault();
        if (wrong is null) return;
        var what = found.ContainsKey(wrong) && !expected.ContainsKey(wrong) ? "is not of this load" : "is gone or has another size";
        throw new DltException($"The folder of staging table '{table}' is in use by another load: s3://{folder.Bucket}/{wrong} {what}. "
            + "The merge was not run, and the package stays pending. Give each pipeline its own staging_dataset_name_layout, or run them "
            + "one after another; run again: missing files are then staged again.")
        { IsTransient = false };
    }

    private static string PrefixOf(string loadId) => loadId + ".";

    private ObjectLocation FolderOf(string table) => dataset.Combine(layout.TablePrefix(table));

    private async Task DeleteAsync(string table, Func<string, bool> isChosen, CancellationToken cancellationToken)
    {
        var folder = FolderOf(table);
        var keys = new List<string>();
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (isChosen(file.Location.Key[folder.Key.Length..])) keys.Add(file.Location.Key);
        if (keys.Count > 0) await objects.DeleteAsync(folder.Bucket, keys, cancellationToken).ConfigureAwait(false);
    }
}

namespace Dlt.Iceberg;

/// <summary>A planned merge: its data files are written, and committing its action makes it visible.</summary>
/// <param name="Removed">Number of rows that are removed from the table.</param>
/// <param name="Changed">Number of rows that get other values.</param>
/// <param name="Added">Number of new rows.</param>
internal sealed record MergePlan(long Removed, long Changed, long Added)
{
    /// <summary>True when the merge changes nothing.</summary>
    public bool IsEmpty => Removed + Changed + Added == 0;

    /// <summary>Data files that the table gets.</summary>
    public required IReadOnlyList<DataFile> AddedFiles { get; init; }

    /// <summary>Delete files that the table gets.</summary>
    public required IReadOnlyList<DataFile> AddedDeletes { get; init; }

    /// <summary>Locations of the data files that leave the table.</summary>
    public required IReadOnlySet<string> RemovedFiles { get; init; }

    /// <summary>Locations of the files that were written for the plan. They are of no use when it is not committed.</summary>
    public required IReadOnlyList<string> Written { get; init; }

    /// <summary>Locations of the files of <see cref="MergeRequest.Added"/> that are not part of the table after the commit.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>Contradictions of other commits that make the plan void.</summary>
    public required ConflictCheck Check { get; init; }

    /// <summary>The change of the table.</summary>
    /// <param name="summary">Entries that the writer adds to the summary of the snapshot.</param>
    public OverwriteAction ToAction(IReadOnlyDictionary<string, string> summary) => new()
    {
        Properties = summary,
        Added = AddedFiles,
        AddedDeletes = AddedDeletes,
        Removes = (_, entry) => RemovedFiles.Contains(entry.File.FilePath),
        MustRemove = RemovedFiles,
        Check = Check,
    };

    /// <summary>Deletes the files that were written for the plan. Call it when the plan was not committed, and not after
    /// <see cref="IcebergError.CommitStateUnknown"/>.</summary>
    /// <param name="files">Files of the table.</param>
    public async Task DiscardAsync(IFileIO files)
    {
        if (Written.Count == 0) return;
        try
        {
            await files.DeleteAsync(Written, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DltException)
        {
            // RemoveOrphanFilesAsync finds files that cannot be deleted now. The caller must see why the plan was not committed.
        }
    }
}

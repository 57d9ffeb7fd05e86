namespace Dlt.Iceberg;

/// <summary>Adds data files; contradicts nothing (docs/spec/iceberg.md 6.3).</summary>
internal sealed class AppendAction(IReadOnlyList<DataFile> files) : SnapshotAction
{
    public override IEnumerable<string> FilesInUse => files.Select(f => f.FilePath);

    protected override string Operation(SnapshotSummary summary) => "append";

    protected override async Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && Properties.Count == 0) return null;
        var added = await WriteAddedAsync(context, "added", [.. files.Select(f => EntryToWrite.Added(f, Id))],
            isDeletes: false, cancellationToken).ConfigureAwait(false);
        return [.. added, .. context.Before.Where(m => m.MayHaveLiveFiles)];
    }
}

using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A data file to read, with what was deleted from it.</summary>
public sealed class ScanTask
{
    internal ScanTask(ManifestEntry entry, ImmutableArray<ManifestEntry> deletes)
    {
        Entry = entry;
        DeleteEntries = deletes;
    }

    /// <summary>The file.</summary>
    public DataFile File => Entry.File;

    /// <summary>Age of its rows.</summary>
    public long SequenceNumber => Entry.SequenceNumber;

    /// <summary>Delete files that concern it.</summary>
    public IEnumerable<DataFile> Deletes => DeleteEntries.Select(d => d.File);

    internal ManifestEntry Entry { get; }

    internal ImmutableArray<ManifestEntry> DeleteEntries { get; }
}

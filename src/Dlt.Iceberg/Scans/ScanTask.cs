using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A data file to read, with the delete files that apply to it.</summary>
public sealed class ScanTask
{
    internal ScanTask(ManifestEntry entry, ImmutableArray<ManifestEntry> deletes)
    {
        Entry = entry;
        DeleteEntries = deletes;
    }

    /// <summary>Data file.</summary>
    public DataFile File => Entry.File;

    /// <summary>Data sequence number of the file's rows.</summary>
    public long SequenceNumber => Entry.SequenceNumber;

    /// <summary>Delete files that apply to the data file.</summary>
    public IEnumerable<DataFile> Deletes => DeleteEntries.Select(d => d.File);

    internal ManifestEntry Entry { get; }

    internal ImmutableArray<ManifestEntry> DeleteEntries { get; }
}

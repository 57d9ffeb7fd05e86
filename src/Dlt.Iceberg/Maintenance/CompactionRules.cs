namespace Dlt.Iceberg;

/// <summary>Rules by which <see cref="Compaction"/> chooses data files (docs/spec/iceberg.md 6.13).</summary>
internal sealed record CompactionRules
{
    /// <summary>Number of files of a partition from which they are merged, when the caller gives none.</summary>
    public const int DefaultMinInputFiles = 5;

    /// <summary>Leaves out files that cannot contain matching rows.</summary>
    public Filter Filter { get; init; } = Filter.True;

    /// <summary>Number of files of a partition, counting those to rewrite, from which they are merged.</summary>
    public int MinInputFiles { get; init; } = DefaultMinInputFiles;

    /// <summary>True chooses all files.</summary>
    public bool RewriteAll { get; init; }

    /// <summary>Returns whether a data file must stay as it is.</summary>
    public Func<ManifestEntry, bool> Stays { get; init; } = _ => false;

    /// <summary>
    /// True for calls that are repeated after every few commits: files are left alone that are large compared with the smaller ones of
    /// their partition, and files that have few deletes. So each row is rewritten a number of times that grows with the logarithm of the
    /// size of the table.
    /// </summary>
    public bool IsRepeated { get; init; }
}

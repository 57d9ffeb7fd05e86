namespace Dlt.Iceberg;

/// <summary>Ways to delete or change rows in data files.</summary>
public enum RowChangeMode
{
    /// <summary>Data files with such rows are written again without them. Writes are slower and reads are fast.</summary>
    CopyOnWrite,

    /// <summary>Data files stay, and new delete files list the positions of the rows. Writes are fast and reads are slower.</summary>
    MergeOnRead,
}

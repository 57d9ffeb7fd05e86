namespace Dlt;

/// <summary>What a load does with the rows that are there (dlt documentation, Write disposition).</summary>
public enum WriteDisposition
{
    /// <summary>Adds rows.</summary>
    Append,
    /// <summary>The new rows take the place of all others.</summary>
    Replace,
    /// <summary>
    /// New rows replace the ones with the same key; on a plain (Hive) Athena table it falls back to append, with a warning.
    /// </summary>
    Merge,
    /// <summary>Extracted and normalised, but not loaded.</summary>
    Skip,
}

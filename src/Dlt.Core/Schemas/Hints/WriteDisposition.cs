namespace Dlt;

/// <summary>What a load does with the rows that a table already has (dlt documentation, Write disposition).</summary>
public enum WriteDisposition
{
    /// <summary>Adds the new rows.</summary>
    Append,
    /// <summary>Removes all earlier rows, then adds the new ones.</summary>
    Replace,
    /// <summary>
    /// Replaces rows of the same key by a <see cref="MergeStrategy"/>. A plain (Hive) Athena table cannot: it appends, with a warning.
    /// </summary>
    Merge,
    /// <summary>Extracts and normalizes the rows, but does not load them.</summary>
    Skip,
}

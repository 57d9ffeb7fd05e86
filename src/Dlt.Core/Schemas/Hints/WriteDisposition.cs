namespace Dlt;

/// <summary>Specifies how a load treats the existing rows of a table (dlt documentation, Write disposition).</summary>
public enum WriteDisposition
{
    /// <summary>Adds the new rows and keeps the existing rows.</summary>
    Append,
    /// <summary>Removes all existing rows, then adds the new rows.</summary>
    Replace,
    /// <summary>
    /// Merges new rows into the table by a <see cref="MergeStrategy"/>. A plain (Hive) Athena table cannot merge; it appends, with a
    /// warning.
    /// </summary>
    Merge,
    /// <summary>Extracts and normalizes the rows, but does not load them.</summary>
    Skip,
}

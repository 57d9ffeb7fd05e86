namespace Dlt;

/// <summary>Format in which a table is stored (dlt documentation, Table formats).</summary>
public enum TableFormat
{
    /// <summary>The table does not specify a format, and the destination chooses one.</summary>
    Default,
    /// <summary>The destination's own kind of table.</summary>
    Native,
    /// <summary>An external table over files, as in Hive and Glue.</summary>
    Hive,
    /// <summary>A table in Apache Iceberg format.</summary>
    Iceberg,
    /// <summary>A table in Delta Lake format. Athena cannot load it; schemas of other destinations may specify it.</summary>
    Delta,
}

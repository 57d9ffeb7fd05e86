namespace Dlt;

/// <summary>The format in which a table is stored (dlt documentation, Table formats).</summary>
public enum TableFormat
{
    /// <summary>The table names no format: the destination chooses.</summary>
    Default,
    /// <summary>The destination's own kind of table.</summary>
    Native,
    /// <summary>An external table over files, as Hive and Glue have them.</summary>
    Hive,
    /// <summary>An Apache Iceberg table.</summary>
    Iceberg,
    /// <summary>A Delta Lake table. Athena cannot load it; schemas of other destinations may have it.</summary>
    Delta,
}

namespace Dlt.Iceberg;

/// <summary>Consecutive rows of a row group of which some are written.</summary>
/// <param name="File">The file with all columns of the table.</param>
/// <param name="Group">Index of the row group.</param>
/// <param name="From">Index of the first row in the row group.</param>
/// <param name="Rows">Number of rows.</param>
internal sealed record RewriteSegment(ColumnFile File, int Group, int From, int Rows)
{
    /// <summary>One bit for each row: 1 for the rows that are written; null for all rows.</summary>
    public ulong[]? Kept { get; init; }

    /// <summary>One bit for each written row: 1 for the rows that get other values; null for none.</summary>
    public ulong[]? Changed { get; init; }

    /// <summary>Values of changed rows by field id.</summary>
    public required IReadOnlyDictionary<int, object?> Values { get; init; }

    /// <summary>Number of rows that are written.</summary>
    public required int KeptRows { get; init; }

    /// <summary>Size of the row group's pages before compression, for the written rows.</summary>
    public long Bytes => File.Footer.RowGroups[Group] is var group && group.Rows > 0
        ? (long)(group.Columns.Sum(c => c.UncompressedBytes) * (KeptRows / (double)group.Rows)) : 0;

    /// <summary>True when the segment has all rows of its row group.</summary>
    public bool IsWhole => From == 0 && Rows == File.Footer.RowGroups[Group].Rows;
}

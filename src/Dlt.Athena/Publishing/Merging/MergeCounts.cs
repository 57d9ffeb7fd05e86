namespace Dlt.Destinations.Publishing.Merging;

/// <summary>What a merge did to the rows of one table.</summary>
internal sealed class MergeCounts
{
    /// <summary>New rows.</summary>
    public long Inserted { get; set; }

    /// <summary>Rows of the table that have new values.</summary>
    public long Updated { get; set; }

    /// <summary>Rows that are gone.</summary>
    public long Deleted { get; set; }

    /// <summary>Rows that were in the table with the same values.</summary>
    public long Unchanged { get; set; }

    /// <summary>The counts for the load info.</summary>
    public MergedRows ToMergedRows() => new(Inserted, Updated, Deleted, Unchanged);
}

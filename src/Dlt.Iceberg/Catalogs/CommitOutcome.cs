namespace Dlt.Iceberg;

/// <summary>Outcomes of a commit to a catalog.</summary>
public enum CommitOutcome
{
    /// <summary>The catalog committed the new version of the table.</summary>
    Committed,

    /// <summary>A requirement is not met, or another writer committed first. Nothing was changed.</summary>
    Conflict,

    /// <summary>The answer of the catalog was lost. The commit may have been made, may still be made, or may have failed.</summary>
    Unknown,
}

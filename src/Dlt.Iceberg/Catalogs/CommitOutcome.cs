namespace Dlt.Iceberg;

/// <summary>What a catalog answered to a commit.</summary>
public enum CommitOutcome
{
    /// <summary>The commit is the table's newest version.</summary>
    Committed,

    /// <summary>A requirement is not met, or another commit was faster; nothing was changed.</summary>
    Conflict,

    /// <summary>The answer was lost: the commit may be made, now or later, or not.</summary>
    Unknown,
}

namespace Dlt;

/// <summary>The kinds of <see cref="MergeStrategy"/>, as a destination lists what it supports.</summary>
public enum MergeStrategyKind
{
    /// <summary>Deletes the rows whose key arrived, then inserts the new ones.</summary>
    DeleteInsert,
    /// <summary>Updates the rows whose primary key arrived and inserts the others.</summary>
    Upsert,
    /// <summary>As <see cref="Upsert"/>, and deletes the rows that did not arrive.</summary>
    Cdc,
    /// <summary>Keeps every version of a row with its time of validity.</summary>
    Scd2,
    /// <summary>Inserts the rows whose primary key is new and leaves the others.</summary>
    InsertOnly,
}

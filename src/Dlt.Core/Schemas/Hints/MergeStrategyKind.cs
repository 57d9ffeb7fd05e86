namespace Dlt;

/// <summary>Kinds of <see cref="MergeStrategy"/>; a destination lists the kinds that it supports.</summary>
public enum MergeStrategyKind
{
    /// <summary>Deletes the rows whose key is in the new rows, then inserts the new rows.</summary>
    DeleteInsert,
    /// <summary>Updates the rows whose primary key is in the new rows and inserts all other new rows.</summary>
    Upsert,
    /// <summary>Like <see cref="Upsert"/>, and deletes the rows that are not in the new rows.</summary>
    Cdc,
    /// <summary>Keeps every version of a row with its time of validity.</summary>
    Scd2,
    /// <summary>Inserts the rows whose primary key is new. The rows of the table do not change.</summary>
    InsertOnly,
}

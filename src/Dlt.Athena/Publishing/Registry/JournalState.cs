namespace Dlt.Destinations.Publishing;

/// <summary>Progress of a load, as its publish object says. Each step is a write that depends on the version before it.</summary>
internal enum JournalState
{
    /// <summary>The load may have uploaded files. Nothing is committed, so another run can take it back.</summary>
    Begun,

    /// <summary>All files are staged, and some tables may have them. Any run can complete the load from its publish object.</summary>
    Prepared,

    /// <summary><c>_dlt_loads</c> has the row of the load.</summary>
    Committed,

    /// <summary>
    /// Another run, or <c>abort-packages</c>, removes what the load has written. The load may begin again, but it must not go on.
    /// </summary>
    TakenBack,
}

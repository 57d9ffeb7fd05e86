namespace Dlt;

/// <summary>Specifies how an incremental load handles items without a cursor value.</summary>
public enum CursorValueMissing
{
    /// <summary>The run fails with an <see cref="IncrementalException"/>.</summary>
    Raise,

    /// <summary>The item is loaded. It does not change the cursor.</summary>
    Include,

    /// <summary>The item is not loaded.</summary>
    Exclude,
}

namespace Dlt;

/// <summary>What becomes of an item without a cursor value.</summary>
public enum CursorValueMissing
{
    /// <summary>The run fails.</summary>
    Raise,
    /// <summary>It is loaded; the cursor stays.</summary>
    Include,
    /// <summary>It is left out.</summary>
    Exclude,
}

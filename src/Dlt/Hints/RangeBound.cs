namespace Dlt;

/// <summary>Whether a bound belongs to its range.</summary>
public enum RangeBound
{
    /// <summary>It does.</summary>
    Closed,
    /// <summary>It does not.</summary>
    Open,
}

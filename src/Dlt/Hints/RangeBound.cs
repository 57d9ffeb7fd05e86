namespace Dlt;

/// <summary>Specifies whether a range includes its boundary value.</summary>
public enum RangeBound
{
    /// <summary>The boundary value is included.</summary>
    Closed,

    /// <summary>The boundary value is excluded.</summary>
    Open,
}

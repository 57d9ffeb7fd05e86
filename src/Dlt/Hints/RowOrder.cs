namespace Dlt;

/// <summary>The order in which a resource gives its items.</summary>
public enum RowOrder
{
    /// <summary>Cursor values grow.</summary>
    Asc,
    /// <summary>Cursor values fall.</summary>
    Desc,
}

namespace Dlt;

/// <summary>Specifies the order in which a resource yields its items.</summary>
public enum RowOrder
{
    /// <summary>Cursor values ascend.</summary>
    Asc,

    /// <summary>Cursor values descend.</summary>
    Desc,
}

namespace Dlt;

/// <summary>
/// Specifies the order in which a resource yields its items, in the direction of <see cref="LastValueFunc"/>: with
/// <see cref="LastValueFunc.Min"/>, ascending means from large to small values.
/// </summary>
public enum RowOrder
{
    /// <summary>Later items follow.</summary>
    Asc,

    /// <summary>Earlier items follow.</summary>
    Desc,
}

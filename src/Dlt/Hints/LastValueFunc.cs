namespace Dlt;

/// <summary>Specifies which of two cursor values is the later one.</summary>
public enum LastValueFunc
{
    /// <summary>The larger value is the later one.</summary>
    Max,

    /// <summary>The smaller value is the later one.</summary>
    Min,
}

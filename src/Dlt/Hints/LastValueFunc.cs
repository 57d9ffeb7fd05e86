namespace Dlt;

/// <summary>Which of two cursor values is the later one.</summary>
public enum LastValueFunc
{
    /// <summary>The larger one.</summary>
    Max,
    /// <summary>The smaller one.</summary>
    Min,
}

namespace Dlt;

/// <summary>How far a load package has come.</summary>
public enum StoredPackageState
{
    /// <summary>It holds what the source delivered, and waits to be normalised.</summary>
    Extracted,

    /// <summary>It holds files of the destination's format, and waits to be loaded.</summary>
    Normalized,

    /// <summary>Its load is valid: it has a row in <c>_dlt_loads</c>.</summary>
    Loaded,

    /// <summary>Python dlt gave it up.</summary>
    Aborted,
}

namespace Dlt;

/// <summary>Stage of a load package.</summary>
public enum StoredPackageState
{
    /// <summary>The package holds the items of the source and waits to be normalised.</summary>
    Extracted,

    /// <summary>The package holds files in the destination's format and waits to be loaded.</summary>
    Normalized,

    /// <summary>The load of the package is committed: it has a row in <c>_dlt_loads</c>.</summary>
    Loaded,

    /// <summary>Python dlt has given up the package.</summary>
    Aborted,

    /// <summary>
    /// Another machine has loaded since, so the package would move the pipeline's state from a version that is no longer the committed one.
    /// It is kept, and no run loads it.
    /// </summary>
    SetAside,
}

namespace Dlt;

/// <summary>An incremental cursor that cannot work: wrong bounds, a missing value, values that cannot be compared.</summary>
public sealed class IncrementalException : DltException
{
    internal IncrementalException(string resource, string cursorPath, string reason)
        : base($"Resource '{resource}', cursor '{cursorPath}': {reason} Nothing of this run was loaded, and the state is as before.")
    {
        Resource = resource;
        CursorPath = cursorPath;
    }

    /// <summary>The resource.</summary>
    public string Resource { get; }

    /// <summary>The path of the cursor.</summary>
    public string CursorPath { get; }
}

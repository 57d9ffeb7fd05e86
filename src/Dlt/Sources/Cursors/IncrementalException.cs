namespace Dlt;

/// <summary>
/// The exception that is thrown when an incremental cursor cannot work: invalid bounds, a missing value, or values that cannot be compared.
/// </summary>
public sealed class IncrementalException : DltException
{
    internal IncrementalException(string resource, string cursorPath, string reason)
        : base($"Resource '{resource}', cursor '{cursorPath}': {reason} Nothing of this run was loaded, and the state is as before.")
    {
        Resource = resource;
        CursorPath = cursorPath;
    }

    /// <summary>Name of the resource.</summary>
    public string Resource { get; }

    /// <summary>Path of the cursor, as given.</summary>
    public string CursorPath { get; }
}

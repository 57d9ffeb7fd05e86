using Dlt.Internal;

namespace Dlt.Sources;

/// <summary>Creates errors for exceptions of a resource's own code.</summary>
internal static class ResourceErrors
{
    /// <summary>Returns an error with the name of the resource.</summary>
    public static DltException Of(string resource, Exception error) =>
        new($"Resource '{resource}' failed: {Sentence(Failure.Cause(error))} Nothing of this run was loaded, and the state is as before.",
            error);

    /// <summary>
    /// True for an exception of an item that is read, which may run code of the resource; false for those of dlt, the disk and a stop.
    /// </summary>
    public static bool IsOfItem(Exception error) => error is not (DltException or OperationCanceledException or IOException
        or UnauthorizedAccessException or OutOfMemoryException);

    /// <summary>Returns the text with a full stop at its end.</summary>
    public static string Sentence(string text) => text.TrimEnd() is [.., '.' or '!' or '?' or '…'] ended ? ended : text.TrimEnd() + ".";
}

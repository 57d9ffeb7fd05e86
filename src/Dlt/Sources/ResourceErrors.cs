using Dlt.Internal;

namespace Dlt.Sources;

/// <summary>Creates errors for exceptions of a resource's own code.</summary>
internal static class ResourceErrors
{
    /// <summary>Returns an error with the name of the resource.</summary>
    public static DltException Of(string resource, Exception error) =>
        new($"Resource '{resource}' failed: {Sentence(Failure.Cause(error))} Nothing of this run was loaded, and the state is as before.",
            error);

    /// <summary>Returns the text with a full stop at its end.</summary>
    public static string Sentence(string text) => text.TrimEnd() is [.., '.' or '!' or '?' or '…'] ended ? ended : text.TrimEnd() + ".";
}

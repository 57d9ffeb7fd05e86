namespace Dlt.Extract;

/// <summary>An error of a resource's own code.</summary>
internal sealed class ResourceException(string resource, Exception error)
    : DltException(
        $"Resource '{resource}' failed: {Sentence(error.Message)} Nothing of this run was loaded, and the state is as before.", error)
{
    /// <summary>The text with a full stop at its end.</summary>
    public static string Sentence(string text) => text.TrimEnd() is [.., '.' or '!' or '?' or '…'] ended ? ended : text.TrimEnd() + ".";
}

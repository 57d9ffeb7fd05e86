namespace Dlt.Extract;

/// <summary>Words for errors of a resource's own code.</summary>
internal static class ResourceErrors
{
    /// <summary>An error with the name of the resource.</summary>
    public static DltException Of(string resource, Exception error) =>
        new($"Resource '{resource}' failed: {Sentence(error.Message)} Nothing of this run was loaded, and the state is as before.", error);

    /// <summary>The text with a full stop at its end.</summary>
    public static string Sentence(string text) => text.TrimEnd() is [.., '.' or '!' or '?' or '…'] ended ? ended : text.TrimEnd() + ".";
}

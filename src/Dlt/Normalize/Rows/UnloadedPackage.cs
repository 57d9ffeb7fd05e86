namespace Dlt.Normalize.Rows;

/// <summary>The state that an error of a row leaves when rejects are not kept: a sentence in the middle of its message.</summary>
internal static class UnloadedPackage
{
    /// <summary>The sentence.</summary>
    public const string State = "Nothing of the package was loaded.";

    /// <summary>
    /// Returns the part of a message before the state, without a full stop. With rejects kept only this part is true: the other rows are
    /// loaded.
    /// </summary>
    public static string ReasonOf(string message)
    {
        var end = message.IndexOf($". {State}", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

namespace Dlt.Destinations.Settings;

/// <summary>
/// Refuses loads into a destination with <c>read_only</c>. Python dlt loads all the same: there, the setting only caches listings.
/// </summary>
/// <param name="isReadOnly">The setting.</param>
internal sealed class ReadOnlyRefusal(bool isReadOnly)
{
    /// <summary>True when nothing may be written.</summary>
    public bool IsRefused => isReadOnly;

    /// <param name="done">What has not happened, as the end of a sentence: <c>extracted</c>.</param>
    /// <exception cref="ConfigurationException">The destination is read only.</exception>
    public void Check(string done)
    {
        if (!isReadOnly) return;
        throw new ConfigurationException(
            $"destination.filesystem.read_only is true, and a load writes. Nothing was {done}. Remove the setting to load; queries and the "
            + "restore of the state go on with it.")
        { Fields = ["read_only"] };
    }
}

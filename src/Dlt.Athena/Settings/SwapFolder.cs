namespace Dlt.Destinations.Settings;

/// <summary>
/// Folder that an external table reads from after a replace with <c>hive_replace = "swap-location"</c>: <c>_dlt_swap/&lt;load id&gt;/</c>
/// below the folder of the table, where the load id is that of the replace.
/// </summary>
/// <remarks>
/// Athena does not read files below a folder whose name begins with <c>_</c>, unless the LOCATION itself is below it. So files can wait
/// there while the table still reads its own folder. Engines of Hadoop skip a LOCATION whose last part begins with <c>_</c>, so the last
/// part is the load id.
/// </remarks>
internal static class SwapFolder
{
    /// <summary>Name of the folder that holds the folders of swaps.</summary>
    public const string Name = "_dlt_swap";

    private const string Part = $"/{Name}/";

    /// <summary>Folder of a replace, with a trailing slash.</summary>
    /// <param name="folder">Key or location of the folder of the table, with a trailing slash.</param>
    /// <param name="loadId">Load id of the replace.</param>
    public static string Of(string folder, string loadId) => $"{folder}{Name}/{loadId}/";

    /// <summary>Load id of the replace whose folder it is, or in whose folder the file is; null outside such folders.</summary>
    /// <param name="key">Key or location of a file, or of a folder with a trailing slash.</param>
    public static string? LoadIdOf(string key)
    {
        var (start, end) = Find(key);
        return end < 0 ? null : key[start..end];
    }

    /// <summary>The key that a file would have in the folder of the table itself.</summary>
    /// <param name="key">Key or location of a file, or of a folder with a trailing slash.</param>
    public static string PlainOf(string key)
    {
        var (start, end) = Find(key);
        return end < 0 ? key : string.Concat(key.AsSpan(0, start - Name.Length - 1), key.AsSpan(end + 1));
    }

    /// <summary>The key that a file has in another folder of its table.</summary>
    /// <param name="key">Key of the file.</param>
    /// <param name="folder">Key of the folder of the table itself, with a trailing slash.</param>
    /// <param name="other">Key of the other folder, with a trailing slash.</param>
    public static string In(string key, string folder, string other) => other + PlainOf(key)[folder.Length..];

    /// <summary>Where the load id begins and ends; (-1, -1) outside the folders of swaps.</summary>
    private static (int Start, int End) Find(string key)
    {
        var at = key.IndexOf(Part, StringComparison.Ordinal);
        if (at < 0) return (-1, -1);
        var start = at + Part.Length;
        var end = key.IndexOf('/', start);
        return end > start ? (start, end) : (-1, -1);
    }
}

using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>Values of the setting <c>hive_replace</c>: how the rows of an external table are replaced.</summary>
internal static class HiveReplace
{
    /// <summary>
    /// Old files are removed when the new ones are uploaded: a reader never finds the table empty, but may find both for a moment.
    /// </summary>
    public const string DeleteAfter = "delete-after";

    /// <summary>
    /// Old files are removed before the new ones are uploaded, as dlt does: a reader may find the table empty, but never finds rows twice.
    /// </summary>
    public const string TruncateAndInsert = "truncate-and-insert";

    /// <summary>
    /// New files are uploaded to a separate folder (<see cref="SwapFolder"/>), and one call makes it the LOCATION of the table: a reader
    /// finds the old rows or the new ones.
    /// </summary>
    public const string SwapLocation = "swap-location";

    /// <summary>Refuses a swap where the keys do not say which load wrote a file: the time of a file that was moved does not.</summary>
    /// <exception cref="ConfigurationException">The layout has no load id.</exception>
    public static void Check(string value, FileLayout layout)
    {
        if (value != SwapLocation || layout.Pattern.Contains("{load_id}", StringComparison.Ordinal)) return;
        throw new ConfigurationException($"hive_replace = '{SwapLocation}' needs keys that say which load wrote a file, and the layout "
            + $"'{layout.Pattern}' has no {{load_id}}. Nothing was run. Add it to destination.filesystem.layout, or set hive_replace = "
            + $"'{DeleteAfter}'.")
        { Fields = ["hive_replace", "layout"] };
    }

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [DeleteAfter, TruncateAndInsert, SwapLocation];
}

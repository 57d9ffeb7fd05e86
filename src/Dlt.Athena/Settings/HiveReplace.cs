using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>Values of the setting <c>hive_replace</c>: when a replace removes the old files of an external table.</summary>
internal static class HiveReplace
{
    /// <summary>After the new files are there: a reader never finds the table empty, but may find both for a moment.</summary>
    public const string DeleteAfter = "delete-after";

    /// <summary>Before the new files come, as dlt does: a reader may find the table empty, but never finds rows twice.</summary>
    public const string TruncateAndInsert = "truncate-and-insert";

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [DeleteAfter, TruncateAndInsert];
}

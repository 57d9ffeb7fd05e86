namespace Dlt.Iceberg;

/// <summary>Names that the format has for other things than properties (docs/spec/iceberg.md 2.5): they are never stored.</summary>
internal static class ReservedProperties
{
    /// <summary>Chooses the version of a table.</summary>
    public const string FormatVersion = "format-version";

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        FormatVersion, "uuid", "snapshot-count", "current-snapshot-summary", "current-snapshot-id",
        "current-snapshot-timestamp-ms", "current-schema",
        "default-partition-spec", "default-sort-order",
    };

    public static bool Contains(string name) => Names.Contains(name);

    /// <exception cref="IcebergException">One of the names is reserved.</exception>
    public static void Check(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(Contains) is { } name)
            throw IcebergException.Illegal(
                $"'{name}' cannot be a property: the format has the name for a part of the metadata. Leave it out.");
    }
}

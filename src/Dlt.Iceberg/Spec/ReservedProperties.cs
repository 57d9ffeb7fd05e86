namespace Dlt.Iceberg;

/// <summary>
/// Property names that the format reserves for parts of the metadata (docs/spec/iceberg.md 2.5). They are never stored as properties.
/// </summary>
internal static class ReservedProperties
{
    /// <summary>Selects the format version of a table.</summary>
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
                $"'{name}' cannot be a property: the format reserves this name. Remove the property.");
    }
}

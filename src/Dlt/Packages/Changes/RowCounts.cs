namespace Dlt.Packages;

/// <summary>
/// Stores the rows per table of a package, for the load info and to compare the counts of the steps (<see cref="RowCountException"/>).
/// </summary>
internal static class RowCounts
{
    private const string NormalizedFile = "row_counts.json";
    private const string ExtractedFile = "extracted_counts.json";

    /// <summary>Writes the number of normalised rows by table.</summary>
    public static void Write(LoadPackage package, IReadOnlyDictionary<string, long> rows) => Write(package, NormalizedFile, rows);

    /// <summary>Reads the number of normalised rows by table; empty for packages that Python dlt normalised.</summary>
    public static IReadOnlyDictionary<string, long> Read(LoadPackage package) => Read(package, NormalizedFile);

    /// <summary>Writes the number of extracted items by root table.</summary>
    public static void WriteExtracted(LoadPackage package, IReadOnlyDictionary<string, long> items) => Write(package, ExtractedFile, items);

    /// <summary>
    /// Reads the number of extracted items by root table, without tables whose items are in files that are read in place; empty for
    /// packages that Python dlt extracted.
    /// </summary>
    public static IReadOnlyDictionary<string, long> ReadExtracted(LoadPackage package) => Read(package, ExtractedFile);

    private static void Write(LoadPackage package, string file, IReadOnlyDictionary<string, long> rows)
    {
        var counts = JsonValue.Object(rows.Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value))));
        package.Write(package.PathOf(file), JsonText.WriteUtf8(counts));
    }

    private static IReadOnlyDictionary<string, long> Read(LoadPackage package, string file) => File.Exists(package.PathOf(file))
        ? package.ReadJson(package.PathOf(file)).Members.ToDictionary(m => m.Key, m => m.Value.AsInt64())
        : new Dictionary<string, long>();
}

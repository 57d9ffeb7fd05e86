using Dlt.Json;

namespace Dlt.Packages;

/// <summary>Rows per table of a normalised package, kept beside its jobs for the load info.</summary>
internal static class RowCounts
{
    private const string FileName = "row_counts.json";

    public static void Write(LoadPackage package, IReadOnlyDictionary<string, long> rows) =>
        package.Write(package.PathOf(FileName), JsonText.WriteUtf8(JsonValue.Object(rows.Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value))))));

    /// <summary>Empty for packages that Python dlt normalised.</summary>
    public static IReadOnlyDictionary<string, long> Read(LoadPackage package) => File.Exists(package.PathOf(FileName))
        ? package.ReadJson(package.PathOf(FileName)).Members.ToDictionary(m => m.Key, m => m.Value.AsInt64())
        : new Dictionary<string, long>();
}

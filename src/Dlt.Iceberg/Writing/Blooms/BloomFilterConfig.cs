using System.Collections.Immutable;
using System.Globalization;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Columns with Bloom filters in new data files, from the table's properties <c>write.parquet.bloom-filter-*</c> (Iceberg, "Table
/// properties"). Booleans, and fields in lists and maps, have none, because no filter of a scan can look them up.
/// </summary>
internal static class BloomFilterConfig
{
    /// <summary>Prefix of the properties that switch the filter of a column on.</summary>
    public const string EnabledPrefix = "write.parquet.bloom-filter-enabled.column.";

    /// <summary>Prefix of the properties with the rate of false positives of a column.</summary>
    public const string RatePrefix = "write.parquet.bloom-filter-fpp.column.";

    private const string Prefix = "write.parquet.bloom-filter";
    private const string MaxBytes = "write.parquet.bloom-filter-max-bytes";
    private const int FewestBytes = 32;
    private const int MostBytes = 128 << 20;

    /// <summary>Options of the filters by field id. Empty for most tables.</summary>
    public static ImmutableDictionary<int, BloomFilterOptions> Of(TableMetadata metadata)
    {
        if (!metadata.Properties.Keys.Any(k => k.StartsWith(EnabledPrefix, StringComparison.Ordinal)))
            return ImmutableDictionary<int, BloomFilterOptions>.Empty;
        var schema = metadata.CurrentSchema;
        var usual = new BloomFilterOptions();
        var options = ImmutableDictionary.CreateBuilder<int, BloomFilterOptions>();
        foreach (var (field, name) in schema.AllFields)
        {
            if (!IsTrue(metadata.Properties.GetValueOrDefault(EnabledPrefix + name)) || !MayHave(schema, field)) continue;
            options[field.Id] = new()
            {
                FalsePositiveRate = RateOf(metadata.Properties.GetValueOrDefault(RatePrefix + name)) ?? usual.FalsePositiveRate,
                MaxBytes = BytesOf(metadata.Properties.GetValueOrDefault(MaxBytes)) ?? usual.MaxBytes,
            };
        }

        return options.ToImmutable();
    }

    /// <summary>
    /// True for a property of Bloom filters that has no effect: an unknown one, one of a column that cannot have a filter, or one with a
    /// value out of range.
    /// </summary>
    public static bool IsIgnored(string property, string value, TableMetadata metadata)
    {
        if (property == MaxBytes) return BytesOf(value) is null;
        var schema = metadata.CurrentSchema;
        if (property.StartsWith(RatePrefix, StringComparison.Ordinal)) return RateOf(value) is null;
        if (!property.StartsWith(EnabledPrefix, StringComparison.Ordinal)) return property.StartsWith(Prefix, StringComparison.Ordinal);
        return IsTrue(value) && (schema.Find(property[EnabledPrefix.Length..]) is not { } field || !MayHave(schema, field));
    }

    private static bool MayHave(Schema schema, NestedField field) =>
        field.Type is PrimitiveType { Kind: not PrimitiveKind.Boolean and < PrimitiveKind.Unknown }
        && schema.PathTo(field.Id)![..^1].TrueForAll(f => f.Type is StructType);

    private static bool IsTrue(string? text) => "true".Equals(text, StringComparison.OrdinalIgnoreCase);

    private static double? RateOf(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && rate is > 0 and < 1 ? rate : null;

    private static int? BytesOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is >= FewestBytes and <= MostBytes
            ? bytes : null;
}

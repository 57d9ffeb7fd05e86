namespace Dlt.Iceberg;

/// <summary>
/// Finds table properties of the format that this library ignores (docs/iceberg.md lists the supported ones). Properties without a meaning
/// for a writer are not reported.
/// </summary>
internal static class IgnoredProperties
{
    /// <summary>Returns one warning that names all ignored properties of a table, or none.</summary>
    public static IEnumerable<string> Of(Table table)
    {
        var found = table.Metadata.Properties.Where(p => IsIgnored(p.Key, p.Value, table));
        List<string> ignored = [.. found.Select(p => $"{p.Key} = {p.Value}")];
        if (ignored.Count == 0) yield break;
        yield return
            $"Table '{table.Name}' has properties that this library ignores: {string.Join(", ", ignored)}. The table is correct without "
            + "them; docs/iceberg.md lists the supported properties.";
    }

    private static bool IsIgnored(string name, string value, Table table)
    {
        switch (name)
        {
            case "write.format.default" or "write.delete.format.default":
                return !IsOneOf(value, "parquet");
            case "write.metadata.compression-codec":
                return table.Catalog is { NamesMetadata: false } ? !IsOneOf(value, "none") : !IsOneOf(value, "none", "gzip");
            case "write.manifest.compression-codec":
                return !IsOneOf(value, "gzip", "deflate", "uncompressed");
            case "write.avro.compression-codec" or "write.location-provider.impl":
                return true;
            case "write.wap.enabled" or "write.update.conflict-resolution":
                return !IsOneOf(value, "false");
            case "write.summary.partition-limit":
                return !IsOneOf(value, "0");
            case "write.metadata.metrics.default":
                return MetricsMode.TryParse(value) is null;
            default:
                if (name.StartsWith(MetricsConfig.ColumnPrefix, StringComparison.Ordinal))
                    return !MetricsConfig.IsSupported(value);
                return BloomFilterConfig.IsIgnored(name, value, table.Metadata)
                    || name.StartsWith("encryption.", StringComparison.Ordinal)
                    || name.StartsWith("write.orc.", StringComparison.Ordinal);
        }
    }

    private static bool IsOneOf(string value, params ReadOnlySpan<string> known)
    {
        foreach (var one in known)
            if (value.Equals(one, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}

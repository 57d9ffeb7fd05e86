namespace Dlt.Iceberg;

/// <summary>Properties of the format that ask for something that this library does not do (docs/iceberg.md lists what is obeyed).
/// Properties without a meaning for a writer are no concern.</summary>
internal static class UnheededProperties
{
    /// <summary>What the owner of the table should know: one text, or none.</summary>
    public static IEnumerable<string> Of(Table table)
    {
        List<string> unheeded = [.. table.Metadata.Properties.Where(p => IsUnheeded(p.Key, p.Value, table))
            .Select(p => $"{p.Key} = {p.Value}")];
        if (unheeded.Count == 0) yield break;
        yield return
            $"Table '{table.Name}' has properties that are not obeyed here: {string.Join(", ", unheeded)}. The table is right without "
            + "them; docs/iceberg.md lists what is obeyed.";
    }

    private static bool IsUnheeded(string name, string value, Table table)
    {
        switch (name)
        {
            case "write.format.default" or "write.delete.format.default": return !IsOneOf(value, "parquet");
            case "write.metadata.compression-codec":
                return table.Catalog is { NamesMetadata: false } ? !IsOneOf(value, "none") : !IsOneOf(value, "none", "gzip");
            case "write.manifest.compression-codec": return !IsOneOf(value, "gzip", "deflate", "uncompressed");
            case "write.avro.compression-codec" or "write.location-provider.impl": return true;
            case "write.wap.enabled" or "write.update.conflict-resolution": return !IsOneOf(value, "false");
            case "write.summary.partition-limit": return !IsOneOf(value, "0");
            case "write.metadata.metrics.default": return MetricsMode.TryParse(value) is null;
            default:
                if (name.StartsWith(MetricsConfig.ColumnPrefix, StringComparison.Ordinal))
                    return !MetricsConfig.CanObey(value, table.Metadata);
                return name.StartsWith("write.parquet.bloom-filter", StringComparison.Ordinal)
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

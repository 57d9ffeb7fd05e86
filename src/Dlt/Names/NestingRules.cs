using Dlt.Schemas;

namespace Dlt.Names;

/// <summary>
/// Decides which nested values are flattened into columns and tables, and which stay one column (docs/spec/pipeline.md 6.2, 6.3).
/// </summary>
internal sealed class NestingRules(Schema schema, DestinationCapabilities capabilities)
{
    private const int DefaultNesting = 1000;

    /// <summary>Returns the number of nesting levels of a root table.</summary>
    public int Of(string table)
    {
        var hints = schema.TryGetTable(table, out var known) ? known["x-normalizer"] : null;
        if (hints is { Kind: JsonKind.Object } && hints["max_nesting"] is { Kind: JsonKind.Integer } own) return (int)own.AsInt64();
        if (schema.Normalizers["json"]?["config"]?["max_nesting"] is { Kind: JsonKind.Integer } limit) return (int)limit.AsInt64();
        return capabilities.MaxTableNesting ?? DefaultNesting;
    }

    /// <summary>Returns whether a field stays one column instead of being flattened or becoming a table.</summary>
    public bool StaysNested(string table, string column, int level)
    {
        if (level <= 0) return true;
        if (schema.TryGetTable(table, out var known) && known.TryGetColumn(column, out var declared) && declared.HasType)
            return declared.DataType == DataType.Json || known.HasNestedColumns;
        return known is { HasNestedColumns: true } || schema.Inference.Preferred(column) == DataType.Json;
    }
}

using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Decides what is taken apart into columns and tables, and what stays one column (docs/spec/pipeline.md 6.2, 6.3).</summary>
internal sealed class NestingRules(Schema schema, DestinationCapabilities capabilities)
{
    private const int DefaultNesting = 1000;

    /// <summary>The nesting limit of a root table.</summary>
    public int Of(string table)
    {
        if (schema.TryGetTable(table, out var known) && known["x-normalizer"] is { Kind: JsonKind.Object } hints
            && hints["max_nesting"] is { Kind: JsonKind.Integer } own)
            return (int)own.AsInt64();
        if (schema.Normalizers["json"]?["config"]?["max_nesting"] is { Kind: JsonKind.Integer } limit) return (int)limit.AsInt64();
        return capabilities.MaxTableNesting ?? DefaultNesting;
    }

    /// <summary>True when a field stays one json column instead of being flattened or becoming a table.</summary>
    public bool StaysNested(string table, string column, int level)
    {
        if (level <= 0) return true;
        if (schema.TryGetTable(table, out var known) && known.TryGetColumn(column, out var declared) && declared.HasType)
            return declared.DataType == DataType.Json || known.HasNestedColumns;
        return known is { HasNestedColumns: true } || schema.Inference.Preferred(column) == DataType.Json;
    }
}

using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>How the ids of a root table's rows are made (spec/pipeline.md 6.4).</summary>
internal enum RowIdKind
{
    Random,
    KeyHash,
    RowHash,
}

internal static class RowIdKinds
{
    public static RowIdKind Of(Schema schema, DestinationCapabilities capabilities, string table)
    {
        if (!schema.TryGetTable(table, out var known)) return RowIdKind.Random;
        string? strategy;
        try
        {
            strategy = capabilities.ResolveMergeStrategy(schema, known);
        }
        catch (SchemaException)
        {
            return RowIdKind.Random;   // the load refuses the strategy, with a better message
        }

        switch (strategy)
        {
            case "upsert" or "cdc" or "insert-only":
                return RowIdKind.KeyHash;
            case "scd2":
                var version = known.Columns.FirstOrDefault(c => c.Has("x-row-version"))?.Name;
                return version == schema.Naming.NormalizeIdentifier(SystemTables.RowId) ? RowIdKind.RowHash : RowIdKind.Random;
            default:
                return RowIdKind.Random;
        }
    }
}

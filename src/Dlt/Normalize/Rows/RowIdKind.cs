using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>How the ids of a root table's rows are made (docs/spec/pipeline.md 6.4).</summary>
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
        MergeStrategy? strategy;
        try
        {
            strategy = capabilities.ResolveMergeStrategy(schema, known);
        }
        catch (SchemaException)
        {
            return RowIdKind.Random;   // the load refuses the strategy, with a better message
        }

        return strategy switch
        {
            MergeStrategy.Upsert or MergeStrategy.Cdc or MergeStrategy.InsertOnly => RowIdKind.KeyHash,
            MergeStrategy.Scd2 scd2 when scd2.RowVersionColumn == schema.Naming.NormalizeIdentifier(SystemTables.RowId) => RowIdKind.RowHash,
            _ => RowIdKind.Random,
        };
    }
}

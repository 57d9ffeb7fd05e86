using Dlt.Schemas;

namespace Dlt.Normalize.Rows;

/// <summary>Kind of the row ids of a root table (docs/spec/pipeline.md 6.4).</summary>
internal enum RowIdKind
{
    /// <summary>The id is random.</summary>
    Random,
    /// <summary>The id is a hash of the primary key.</summary>
    KeyHash,
    /// <summary>The id is a hash of the row's content.</summary>
    RowHash,
}

/// <summary>Finds the kind of row ids of a table.</summary>
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

        var rowId = schema.Naming.NormalizeIdentifier(SystemTables.RowId);
        return strategy switch
        {
            MergeStrategy.Upsert or MergeStrategy.Cdc or MergeStrategy.InsertOnly => RowIdKind.KeyHash,
            MergeStrategy.Scd2 scd2 when scd2.RowVersionColumn == rowId => RowIdKind.RowHash,
            _ => RowIdKind.Random,
        };
    }
}

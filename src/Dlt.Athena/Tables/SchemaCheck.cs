using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Refuses what the schema alone shows to be impossible on Athena.</summary>
/// <param name="capabilities">What the destination can do under its settings.</param>
/// <param name="replaceStrategy">The setting <c>replace_strategy</c>; null where nobody set it.</param>
internal sealed class SchemaCheck(DestinationCapabilities capabilities, string? replaceStrategy)
{
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    public void Check(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        if (SchemaVerification.Verify(schema, tables, AthenaCapabilities.Default) is [var problem, ..]) throw problem;
        ReplaceStrategy.Check(replaceStrategy, schema, tables, table => capabilities.IsIceberg(schema, table));
        TableNames.Check(schema, tables);
        foreach (var table in tables) DeclaredTypes.Check(schema, table, capabilities.IsIceberg(schema, table));
    }
}

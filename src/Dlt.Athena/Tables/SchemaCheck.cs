using Dlt.Destinations.Catalogs;
using Dlt.Destinations.Settings;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Refuses schemas that Athena cannot store, whatever the rows are.</summary>
/// <param name="capabilities">Capabilities of the destination under its settings.</param>
/// <param name="replaceStrategy">The setting <c>replace_strategy</c>; null if it is not set.</param>
/// <param name="foreign">Refuses Iceberg tables in a catalog that Glue does not serve.</param>
internal sealed class SchemaCheck(DestinationCapabilities capabilities, string? replaceStrategy, ForeignCatalog foreign)
{
    /// <summary>Checks the declarations of tables.</summary>
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    public void Check(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        if (SchemaVerification.Verify(schema, tables, capabilities) is [var problem, ..]) throw problem;
        ReplaceStrategy.Check(replaceStrategy, schema, tables, table => capabilities.IsIceberg(schema, table));
        TableNames.Check(schema, tables);
        foreach (var table in tables)
        {
            var isIceberg = capabilities.IsIceberg(schema, table);
            foreign.CheckFormat(schema, table, isIceberg);
            DeclaredTypes.Check(table, isIceberg);
            DeclaredProperties.Check(table, isIceberg);
        }
    }
}

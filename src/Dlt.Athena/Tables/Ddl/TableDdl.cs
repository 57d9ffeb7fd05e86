using Dlt.Destinations.Catalogs;
using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>Chooses who makes, changes and drops databases and tables.</summary>
internal static class TableDdl
{
    /// <summary>The service of the setting <c>ddl</c>.</summary>
    /// <param name="settings">Settings of the destination.</param>
    /// <param name="athena">Runs statements.</param>
    /// <param name="glue">Catalog of the databases.</param>
    /// <param name="iceberg">Catalog of the Iceberg tables.</param>
    /// <param name="foreign">Says whether Glue serves the catalog.</param>
    public static ITableDdl Of(
        AthenaSettings settings, IAthena athena, IGlueCatalog glue, GlueCatalog iceberg, ForeignCatalog foreign) =>
        settings.Ddl == DdlService.Athena
            ? new AthenaDdl(athena, settings.Catalog, glue, iceberg, foreign)
            : new GlueDdl(glue, iceberg);
}

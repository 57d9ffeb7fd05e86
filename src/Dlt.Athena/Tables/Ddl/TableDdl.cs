using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>Chooses who makes, changes and drops databases and tables.</summary>
internal static class TableDdl
{
    /// <summary>The service of the setting <c>ddl</c>.</summary>
    /// <param name="settings">Settings of the destination.</param>
    /// <param name="account">Account with the databases.</param>
    /// <param name="iceberg">Catalog of its Iceberg tables.</param>
    public static ITableDdl Of(AthenaSettings settings, LakeAccount account, GlueCatalog iceberg) => settings.Ddl == DdlService.Athena
        ? new AthenaDdl(account.Athena, settings.Catalog, account.Glue, iceberg)
        : new GlueDdl(account.Glue, iceberg);
}

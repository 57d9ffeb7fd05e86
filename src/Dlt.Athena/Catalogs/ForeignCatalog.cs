using Dlt.Destinations.Settings;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Catalogs;

/// <summary>
/// The data catalog of the destination, where Glue does not serve it: <c>aws_data_catalog</c> of type HIVE or LAMBDA. Athena's metadata
/// calls read it, and statements change it. No change has a condition, so one run at a time writes a dataset.
/// </summary>
/// <param name="catalog">The catalog of the account.</param>
/// <param name="settings">Settings of the destination.</param>
internal sealed class ForeignCatalog(IGlueCatalog catalog, AthenaSettings settings)
{
    private readonly IRegisteredCatalog? _catalog = catalog as IRegisteredCatalog;

    /// <summary>True when Glue does not serve the catalog. Known after the first call of the catalog, false before.</summary>
    public bool IsUsed => _catalog?.ForeignType is not null;

    /// <summary>Refuses settings under which no load works.</summary>
    /// <returns>The same as <see cref="IsUsed"/>.</returns>
    /// <exception cref="ConfigurationException">A setting does not fit the catalog. Nothing was run.</exception>
    public async Task<bool> CheckAsync(CancellationToken cancellationToken)
    {
        if (_catalog is null) return false;
        if (await _catalog.FindForeignTypeAsync(cancellationToken).ConfigureAwait(false) is null) return false;
        if (settings.Ddl != DdlService.Athena)
            throw Refused("ddl", "only statements of Athena make and change its tables", "Set ddl = \"athena\" in [destination.athena].");
        if (settings.Lease == TimeSpan.Zero)
            throw Refused("lease", "its changes have no conditions, so only a lease keeps two loads apart", "Remove lease = 0.");
        if (settings.HiveReplace == HiveReplace.SwapLocation)
        {
            throw Refused("hive_replace", "a LOCATION in it is not changed on condition that no other load has changed it",
                $"Set hive_replace = \"{HiveReplace.DeleteAfter}\".");
        }

        if (settings.ForceIceberg)
            throw Refused("force_iceberg", "Athena makes no Iceberg tables in it", "Remove force_iceberg, or " + OtherCatalog);
        if (settings.Tags is not null)
            throw Refused("lakeformation_config", "Lake Formation has no tags for its databases", "Remove lakeformation_config.");
        return true;
    }

    /// <summary>
    /// Refuses a table that would be an Iceberg table, and one that merges: merges need such a table, and into others they would append.
    /// </summary>
    /// <exception cref="SchemaException">The table is one of these. Nothing was loaded.</exception>
    public void CheckFormat(Schema schema, TableSchema table, bool isIceberg)
    {
        if (!IsUsed) return;
        var (what, remedy) = (isIceberg, schema.WriteDispositionOf(table)) switch
        {
            (true, _) => ("would be an Iceberg table", "Remove table_format iceberg from the resource"),
            (_, WriteDisposition.Merge) => ("merges, which needs an Iceberg table", "Let the resource append or replace"),
            _ => (null, null),
        };
        if (what is null) return;
        throw new SchemaException(
            $"Table '{table.Name}' {what}, and Athena makes none in {Named}. Nothing was loaded. {remedy}, or {OtherCatalog}")
        { Table = table.Name };
    }

    private const string OtherCatalog = "load into a catalog of type GLUE, such as aws_data_catalog = \"awsdatacatalog\".";

    private string Named => $"the data catalog '{_catalog!.Name}' of type {_catalog.ForeignType}";

    private ConfigurationException Refused(string field, string why, string remedy) =>
        new($"{field} does not fit {Named}: {why}. Nothing was run. {remedy}") { Fields = [field, "aws_data_catalog"] };
}

using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations.Catalogs;
using Dlt.Destinations.Queries;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;

namespace Dlt;

/// <summary>The Athena destination: Parquet files in S3, tables in the AWS Glue Data Catalog, queried by Amazon Athena.</summary>
public static class Athena
{
    /// <summary>Creates a destination that writes Parquet files to S3 and tables to Glue. Loading runs no Athena query, unless
    /// the setting <c>ddl</c> says that statements of Athena make the tables.</summary>
    /// <param name="account">An in-process account, such as <c>LocalAthena.From(args)</c>; null for AWS, configured by <c>.dlt/*.toml</c>
    /// and the environment.</param>
    /// <param name="name">Name of the destination, whose settings are in <c>[destination.NAME]</c>; null for that of the setting
    /// <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    public static Destination Destination(LakeAccount? account = null, string? name = null, AthenaOptions? options = null) =>
        new AthenaDestination(account, name, options ?? new());

    /// <summary>Opens the catalog of an account's Iceberg tables, to read and change them without a query.</summary>
    /// <param name="account">An in-process account; null for AWS.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <exception cref="ConfigurationException">A setting is missing or malformed.</exception>
    public static GlueCatalog IcebergCatalog(
        LakeAccount? account = null, DltConfiguration? configuration = null, string? destination = null, AthenaOptions? options = null)
    {
        var lake = account ?? new AthenaQuerySettings(configuration, destination, options).Open(Stops.Tables);
        return new GlueCatalog(lake.Glue, lake.Objects, lake.BucketUrl) { DataFileReader = new ParquetDataFileReader() };
    }

    /// <summary>Opens one Iceberg table, to read and change it without a query.</summary>
    /// <param name="name"><c>dataset.table</c>, with the dataset's name in the pipeline or the name of a Glue database; or the location of
    /// a metadata file, <c>s3://…/x.metadata.json</c>.</param>
    /// <param name="account">An in-process account; null for AWS.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="DltException">The table does not exist, or the name has neither form.</exception>
    /// <exception cref="ConfigurationException">A setting is missing or malformed.</exception>
    public static async Task<Table> OpenIcebergTableAsync(
        string name, LakeAccount? account = null, DltConfiguration? configuration = null, string? destination = null,
        AthenaOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = new AthenaQuerySettings(configuration, destination, options);
        var catalog = IcebergCatalog(account, configuration, destination, options);
        if (name.Contains("://", StringComparison.Ordinal))
            return await Table.OpenAsync(catalog.Files, name, cancellationToken).ConfigureAwait(false);
        var point = name.LastIndexOf('.');   // the name of a dataset may contain points, that of a table does not
        if (point <= 0 || point == name.Length - 1)
            throw new DltException($"'{name}' is neither dataset.table nor the location of a metadata file. Nothing was read.");
        var isLocal = account is not (null or AwsAccount);
        var database = await settings.DatabaseOfAsync(name[..point], catalog.Glue, isLocal, cancellationToken).ConfigureAwait(false);
        var table = name[(point + 1)..];
        return await catalog.LoadTableAsync(new(database.ToLowerInvariant(), table.ToLowerInvariant()), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Opens the catalog behind an Iceberg REST endpoint, with table files in S3. Requests to AWS's own endpoints
    /// (<c>https://glue.REGION.amazonaws.com/iceberg</c>, <c>https://s3tables.REGION.amazonaws.com/iceberg</c>) are signed. Files are read
    /// and written with the credentials that the server vends, else with those of the configuration.
    /// </summary>
    /// <param name="uri">The endpoint, without <c>/v1</c>.</param>
    /// <param name="options">Warehouse (an account id or the ARN of a table bucket) and login.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder. <c>[destination.athena.credentials]</c> sign
    /// requests, and <c>[destination.filesystem.credentials]</c> open S3.</param>
    /// <param name="destination">Name of the destination whose credentials are used instead, as in its loads; null for that of the setting
    /// <c>destination_name</c>, else <c>athena</c>.</param>
    /// <exception cref="ConfigurationException">There is no such destination; or no credentials were found, or they are
    /// malformed.</exception>
    public static RestCatalog RestCatalog(
        Uri uri, RestCatalogOptions? options = null, DltConfiguration? configuration = null, string? destination = null)
    {
        var settings = configuration ?? DltConfiguration.Load();
        var blocks = DestinationBlocks.Of(destination, settings);
        blocks.Check(settings, null);
        var files = AwsCredentialSettings.ReadFiles(settings, blocks);
        var signer = AwsCredentialSettings.ReadAthena(settings, blocks);
        var all = options ?? new();
        if (all.OpenStore is null) all = all with { OpenStore = vended => RestCatalogStores.Open(vended, files, signer) };
        if (uri.Host.Split('.') is [("glue" or "s3tables") and var service, var region, ..] && all is { Token: null, Credential: null })
        {
            var handler = all.Handler ?? new SocketsHttpHandler();
            all = all with { Handler = new SigV4Handler(signer with { RegionName = region }, service, handler) };
        }

        return new RestCatalog(uri, all) { DataFileReader = new ParquetDataFileReader() };
    }

    /// <summary>Runs one SQL statement on a dataset and reads all of its rows into memory.</summary>
    /// <param name="dataset">The dataset's name in the pipeline, or the name of a Glue database.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="account">An in-process account; null for AWS.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="AthenaQueryException">The statement was refused or has failed.</exception>
    /// <exception cref="ConfigurationException">A setting is missing or malformed.</exception>
    public static async Task<QueryTable> QueryAsync(
        string dataset, string sql, LakeAccount? account = null, DltConfiguration? configuration = null, string? destination = null,
        AthenaOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = new AthenaQuerySettings(configuration, destination, options);
        if (account is not null)
        {
            var given = MeteredAthena.Of(account, options?.PricePerTerabyte);
            return await QueryAsync(account, given, dataset, sql, settings, cancellationToken).ConfigureAwait(false);
        }

        var aws = settings.Open(Stops.Queries);
        await using (aws.ConfigureAwait(false))
        {
            var metered = MeteredAthena.Of(aws, settings.Resolve(isLocal: false).PricePerTerabyte);
            return await QueryAsync(aws, metered, dataset, sql, settings, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<QueryTable> QueryAsync(
        LakeAccount account, MeteredAthena metered, string dataset, string sql, AthenaQuerySettings settings,
        CancellationToken cancellationToken)
    {
        var isLocal = account is not AwsAccount;
        var database = await settings.DatabaseOfAsync(dataset, account.Glue, isLocal, cancellationToken).ConfigureAwait(false);
        var result = await metered.ExecuteAsync(new(sql, database), cancellationToken).ConfigureAwait(false);
        await using (result.ConfigureAwait(false))
        {
            var table = await QueryTable.ReadAsync(result, cancellationToken).ConfigureAwait(false);
            return table with { Usage = metered.Usage };
        }
    }
}

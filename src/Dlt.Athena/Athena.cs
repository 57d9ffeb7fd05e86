using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;

namespace Dlt;

/// <summary>The AWS Athena / Glue Catalog destination.</summary>
public static class Athena
{
    /// <summary>Loads Parquet files to S3 and tables to Glue, without an Athena query.</summary>
    /// <param name="account">An account in process, such as <c>LocalAthena.From(args)</c>; null for AWS, configured by <c>.dlt/*.toml</c>
    /// and the environment.</param>
    public static Destination Destination(LakeAccount? account = null) => new AthenaDestination(account);

    /// <summary>The Iceberg tables of an account, to read and change them without a query.</summary>
    /// <param name="account">An account in process; null for AWS.</param>
    /// <param name="configuration">The configuration; that of the current folder by default.</param>
    /// <exception cref="ConfigurationException">The configuration is not complete.</exception>
    public static GlueCatalog IcebergCatalog(LakeAccount? account = null, DltConfiguration? configuration = null)
    {
        var lake = account ?? OpenAws(configuration, Stops.Tables);
        return new GlueCatalog(lake.Glue, lake.Objects, lake.BucketUrl) { DataFileReader = new ParquetDataFileReader() };
    }

    /// <summary>Opens one Iceberg table, to read and change it without a query.</summary>
    /// <param name="name"><c>dataset.table</c>, with the dataset as the pipeline names it or the name of a Glue database; or the location of
    /// a metadata file, <c>s3://…/x.metadata.json</c>.</param>
    /// <param name="account">An account in process; null for AWS.</param>
    /// <param name="configuration">The configuration; that of the current folder by default.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="DltException">There is no such table, or the name is neither form.</exception>
    /// <exception cref="ConfigurationException">The configuration is not complete.</exception>
    public static async Task<Table> OpenIcebergTableAsync(
        string name, LakeAccount? account = null, DltConfiguration? configuration = null, CancellationToken cancellationToken = default)
    {
        var catalog = IcebergCatalog(account, configuration);
        if (name.Contains("://", StringComparison.Ordinal))
            return await Table.OpenAsync(catalog.Files, name, cancellationToken).ConfigureAwait(false);
        var point = name.LastIndexOf('.');   // a dataset's name may have points, a table's has none
        if (point <= 0 || point == name.Length - 1)
            throw new DltException($"'{name}' is neither dataset.table nor the location of a metadata file.");
        var isLocal = account is not (null or AwsAccount);
        var database = await DatabaseOfAsync(name[..point], catalog.Glue, isLocal, configuration, cancellationToken).ConfigureAwait(false);
        var table = name[(point + 1)..];
        return await catalog.LoadTableAsync(new(database.ToLowerInvariant(), table.ToLowerInvariant()), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// The Iceberg tables behind a REST endpoint, with their files in S3. Calls to AWS's own endpoints
    /// (<c>https://glue.REGION.amazonaws.com/iceberg</c>, <c>https://s3tables.REGION.amazonaws.com/iceberg</c>) are signed.
    /// Files are read and written with the credentials that the server lends, else with those of the configuration.
    /// </summary>
    /// <param name="uri">The endpoint, without <c>/v1</c>.</param>
    /// <param name="options">Warehouse (an account id, the ARN of a table bucket) and login.</param>
    /// <param name="configuration">The configuration; that of the current folder by default. Of it, <c>[destination.athena.credentials]</c>
    /// sign, and <c>[destination.filesystem.credentials]</c> open S3.</param>
    /// <exception cref="ConfigurationException">There are no credentials.</exception>
    public static RestCatalog RestCatalog(Uri uri, RestCatalogOptions? options = null, DltConfiguration? configuration = null)
    {
        var settings = configuration ?? DltConfiguration.Load();
        var files = AwsCredentialSettings.Read(settings, "filesystem");
        var signer = AwsCredentialSettings.Read(settings, "athena");
        var all = options ?? new();
        if (all.OpenStore is null) all = all with { OpenStore = vended => RestCatalogStores.Open(vended, files, signer) };
        if (uri.Host.Split('.') is [("glue" or "s3tables") and var service, var region, ..] && all is { Token: null, Credential: null })
        {
            var handler = all.Handler ?? new SocketsHttpHandler();
            all = all with { Handler = new SigV4Handler(signer with { RegionName = region }, service, handler) };
        }

        return new RestCatalog(uri, all) { DataFileReader = new ParquetDataFileReader() };
    }

    /// <summary>Runs one SQL statement on a dataset and reads its rows.</summary>
    /// <param name="dataset">The dataset, as the pipeline names it, or the name of a Glue database.</param>
    /// <param name="sql">One statement.</param>
    /// <param name="account">An account in process; null for AWS.</param>
    /// <param name="configuration">The configuration; that of the current folder by default.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    /// <exception cref="AthenaQueryException">The statement is refused or failed.</exception>
    /// <exception cref="ConfigurationException">The configuration is not complete.</exception>
    public static async Task<QueryTable> QueryAsync(
        string dataset, string sql, LakeAccount? account = null, DltConfiguration? configuration = null,
        CancellationToken cancellationToken = default)
    {
        if (account is not null) return await QueryAsync(account, dataset, sql, configuration, cancellationToken).ConfigureAwait(false);
        var aws = OpenAws(configuration, Stops.Queries);
        await using (aws.ConfigureAwait(false)) return await QueryAsync(aws, dataset, sql, configuration, cancellationToken)
            .ConfigureAwait(false);
    }

    private static AwsAccount OpenAws(DltConfiguration? configuration, Stops what)
    {
        var settings = AthenaSettings.Resolve(configuration ?? DltConfiguration.Load(), null, _ => { }, isLocal: false);
        settings.Refused.Check(what);
        return AwsAccount.Open(settings.ToAccountOptions(), new(TimeProvider.System, text => Console.Error.WriteLine("Warning: " + text)));
    }

    /// <summary>The Glue database of a dataset: the one that loads of the dataset make, else the one of exactly that name.</summary>
    private static Task<string> DatabaseOfAsync(
        string dataset, IGlueCatalog glue, bool isLocal, DltConfiguration? configuration, CancellationToken cancellationToken) =>
        DatabaseName.FindAsync(glue, dataset, () =>
            AthenaSettings.Resolve(configuration ?? DltConfiguration.Load(), null, _ => { }, isLocal), cancellationToken);

    private static async Task<QueryTable> QueryAsync(LakeAccount account, string dataset, string sql, DltConfiguration? configuration,
        CancellationToken cancellationToken)
    {
        var database = await DatabaseOfAsync(dataset, account.Glue, account is not AwsAccount, configuration, cancellationToken)
            .ConfigureAwait(false);
        var result = await account.Athena.ExecuteAsync(new(sql, database), cancellationToken).ConfigureAwait(false);
        await using (result.ConfigureAwait(false)) return await QueryTable.ReadAsync(result, cancellationToken).ConfigureAwait(false);
    }
}

namespace Dlt.Aws;

/// <summary>The data catalog that queries use. Athena is asked once; never for the catalog that every account has.</summary>
/// <param name="athena">Service that knows the data catalog.</param>
/// <param name="name">Name of the data catalog in queries.</param>
/// <remarks>Safe for concurrent use. The first calls may ask twice.</remarks>
internal sealed class DataCatalogLookup(AwsAthena athena, string name)
{
    private volatile DataCatalog? _found;

    /// <summary>Name of the data catalog in queries.</summary>
    public string Name => name;

    /// <summary>The data catalog, once it was asked for; null before, and for the catalog of the account.</summary>
    public DataCatalog? Known => _found;

    /// <summary>Finds the data catalog; null for the catalog of the account.</summary>
    /// <exception cref="Lake.AthenaQueryException">There is none of this name, or the login may not read it.</exception>
    public async ValueTask<DataCatalog?> FindAsync(CancellationToken cancellationToken)
    {
        if (DataCatalog.IsDefault(name)) return null;
        return _found ??= await athena.GetDataCatalogAsync(name, cancellationToken).ConfigureAwait(false);
    }
}

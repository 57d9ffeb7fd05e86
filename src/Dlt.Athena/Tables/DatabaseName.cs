using System.Collections.Immutable;
using Dlt.Destinations.Settings;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Destinations.Tables;

/// <summary>The Glue database of a dataset. Its name is the dataset's normalized name, so two datasets can share one database.</summary>
/// <param name="glue">Catalog of the databases.</param>
/// <param name="database">Name of the database.</param>
/// <param name="dataset">Name of the dataset in the pipeline.</param>
/// <param name="warn">Receives warnings.</param>
internal sealed class DatabaseName(IGlueCatalog glue, string database, string dataset, Action<string> warn)
{
    /// <summary>Database property with the name of the dataset that created it. Python dlt does not write it.</summary>
    public const string DatasetProperty = "dlt.dataset-name";

    /// <summary>Name of the schema that Athena itself provides in every catalog.</summary>
    private const string InformationSchema = "information_schema";

    private bool _isChecked;

    /// <summary>Properties of a database that a dataset creates.</summary>
    public static ImmutableSortedDictionary<string, string> ParametersOf(string dataset) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(DatasetProperty, dataset);

    /// <summary>Name of the database of a dataset.</summary>
    /// <exception cref="ConfigurationException">The name cannot be used for a database.</exception>
    public static string Of(AthenaSettings settings, string dataset)
    {
        var name = Normalized(settings, dataset);
        FileNameComponent.CheckPathPart(name, "dataset name");
        return name != InformationSchema ? name : throw new ConfigurationException(
            $"The dataset '{dataset}' would use the database '{name}', which is reserved by Athena. Nothing was run. Choose another name "
                + "for the dataset.")
        { Fields = ["dataset_name"] };
    }

    /// <summary>The dataset name as a load writes it, under the setting for normalization.</summary>
    public static string Normalized(AthenaSettings settings, string dataset) =>
        settings.NormalizeDatasetName ? Normalized(dataset, settings.Capabilities.MaxIdentifierLength) : dataset.ToLowerInvariant();

    /// <summary>
    /// Finds the database that a query refers to: the one that loads of the dataset create, else the one with exactly that name.
    /// </summary>
    /// <param name="glue">Catalog of the databases.</param>
    /// <param name="dataset">Name that the user gives.</param>
    /// <param name="settings">Reads the settings; called only if the name is not normalized already.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static async Task<string> FindAsync(
        IGlueCatalog glue, string dataset, Func<AthenaSettings> settings, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(dataset) || Normalized(dataset, AthenaCapabilities.ShortestLimit) == dataset) return dataset;
        var name = Normalized(settings(), dataset);
        return await OpenAsync(glue, name, cancellationToken).ConfigureAwait(false) is null ? dataset : name;
    }

    /// <summary>Warns if the name of the database differs from that of the dataset.</summary>
    public void WarnOfRename()
    {
        if (database != dataset) warn($"The dataset name '{dataset}' becomes '{database}'.");
    }

    /// <summary>
    /// Warns, once, if the database was created for a dataset of another name, because both datasets then share its tables.
    /// </summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_isChecked) return;
        _isChecked = true;
        var found = await OpenAsync(glue, database, cancellationToken).ConfigureAwait(false);
        if (found?.Parameters is not { } properties || !properties.TryGetValue(DatasetProperty, out var first) || first == dataset) return;
        warn(
            $"The datasets '{first}' and '{dataset}' share the database '{database}': tables of the same name are one table, and a replace "
            + "in one dataset removes the rows of the other. Rename one, unless that is what you want.");
    }

    /// <summary>Reads a database; null if it does not exist or the login may not read databases, which loads do not need.</summary>
    private static async Task<GlueDatabase?> OpenAsync(IGlueCatalog glue, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await glue.GetDatabaseAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            return null;
        }
    }

    private static string Normalized(string dataset, int? maxLength) =>
        NamingConvention.Create("snake_case", maxLength).NormalizeTableIdentifier(dataset);
}

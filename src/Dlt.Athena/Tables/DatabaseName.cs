using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Lake;
using Dlt.Naming;
using Dlt.Packages;

namespace Dlt.Destinations;

/// <summary>
/// The Glue database of a dataset: its name is the dataset's under the naming convention, so that two datasets may be one database.
/// </summary>
/// <param name="glue">Where the databases are.</param>
/// <param name="database">Name of the database.</param>
/// <param name="dataset">Name of the dataset as the pipeline has it.</param>
/// <param name="warn">Gets warnings.</param>
internal sealed class DatabaseName(IGlueCatalog glue, string database, string dataset, Action<string> warn)
{
    /// <summary>The property of a database that we made which keeps the name of the dataset. Python dlt writes none.</summary>
    public const string DatasetProperty = "dlt.dataset-name";

    /// <summary>The schema of every catalog that Athena itself fills.</summary>
    private const string InformationSchema = "information_schema";

    private bool _isChecked;

    /// <summary>Properties of a database that a dataset makes.</summary>
    public static ImmutableSortedDictionary<string, string> ParametersOf(string dataset) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(DatasetProperty, dataset);

    /// <summary>Name of the database of a dataset.</summary>
    /// <exception cref="ConfigurationException">There can be no such database.</exception>
    public static string Of(AthenaSettings settings, string dataset)
    {
        var name = Normalized(settings, dataset);
        FileNameComponent.CheckPathPart(name, "dataset name");
        return name != InformationSchema ? name : throw new ConfigurationException(
            $"The dataset '{dataset}' would be the database '{name}', which is Athena's own. Nothing was run. Choose another name for "
                + "the dataset.")
            { Fields = ["dataset_name"] };
    }

    /// <summary>A name as the load writes it.</summary>
    public static string Normalized(AthenaSettings settings, string dataset) =>
        settings.NormalizeDatasetName ? Normalized(dataset) : dataset.ToLowerInvariant();

    /// <summary>
    /// The database that a query of a dataset means: the one that a load of the dataset makes, else the one of exactly that name.
    /// </summary>
    /// <param name="glue">Where the databases are.</param>
    /// <param name="dataset">The dataset as the user names it.</param>
    /// <param name="settings">Reads the settings; called where they matter.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    public static async Task<string> FindAsync(IGlueCatalog glue, string dataset, Func<AthenaSettings> settings,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(dataset) || Normalized(dataset) == dataset) return dataset;
        var name = Normalized(settings(), dataset);
        return await OpenAsync(glue, name, cancellationToken).ConfigureAwait(false) is null ? dataset : name;
    }

    /// <summary>Tells that the database has another name than the dataset.</summary>
    public void TellChange()
    {
        if (database != dataset) warn($"The dataset name '{dataset}' becomes '{database}'.");
    }

    /// <summary>Tells, once, that the database was made for a dataset of another name, whose tables are then those of this one.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_isChecked) return;
        _isChecked = true;
        var found = await OpenAsync(glue, database, cancellationToken).ConfigureAwait(false);
        if (found?.Parameters is not { } properties || !properties.TryGetValue(DatasetProperty, out var first) || first == dataset) return;
        warn(
            $"The datasets '{first}' and '{dataset}' are one database, '{database}': tables of one name are one table, and a replace "
            + "in one dataset removes the rows of the other. Rename one, unless that is what you want.");
    }

    /// <summary>A login that may not look at databases is as good as any other for the rest.</summary>
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

    private static string Normalized(string dataset) =>
        NamingConvention.Create("snake_case", AthenaCapabilities.Default.MaxIdentifierLength).NormalizeTableIdentifier(dataset);
}

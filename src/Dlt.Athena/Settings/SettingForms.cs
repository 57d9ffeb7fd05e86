using Dlt.Configuration;
using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Destinations.Settings;

/// <summary>Checks the form of settings that name places: an error says which setting it is, and nothing has run.</summary>
internal static class SettingForms
{
    private const string S3Tables = "s3tablescatalog/";

    /// <summary>Returns the URL of a bucket or a folder in it, without a trailing slash.</summary>
    /// <param name="name">Dotted name of the setting.</param>
    /// <param name="url">Value of the setting.</param>
    /// <exception cref="ConfigurationException">The value is not of the form <c>s3://bucket/folder</c>.</exception>
    public static string Url(string name, string url)
    {
        try
        {
            var location = ObjectLocation.Parse(url.TrimEnd('/'));
            return location.KeyFault is null ? location.ToString() : throw new FormatException($"'{url}' {location.KeyFault}.");
        }
        catch (FormatException error)
        {
            throw new ConfigurationException(
                $"{name}: {error.Message.Replace(url, SafeUrl.Of(url), StringComparison.Ordinal)} Nothing was run.")
            { Fields = [name[(name.LastIndexOf('.') + 1)..]] };
        }
    }

    /// <summary>Returns the URL as it is, if it is that of a bucket or a folder in it.</summary>
    /// <inheritdoc cref="Url"/>
    public static string CheckedUrl(string name, string url)
    {
        _ = Url(name, url);
        return url;
    }

    /// <summary>Returns the name of a catalog of Glue.</summary>
    /// <exception cref="ConfigurationException">The catalog is one of S3 Tables.</exception>
    public static string Catalog(string name, string catalog) => !catalog.StartsWith(S3Tables, StringComparison.OrdinalIgnoreCase)
        ? catalog
        : throw new ConfigurationException($"{name} is '{catalog}': loads into S3 table buckets are not "
            + "supported yet. Nothing was run. Name a Glue catalog such as awsdatacatalog; a program can open such tables with "
            + "Athena.RestCatalog.")
        { Fields = ["aws_data_catalog"] };

    /// <summary>
    /// Returns the one layout of the staging dataset's name. A block that does not set it follows the other; dlt loads no rows when they
    /// differ (docs/spec/athena-destination.md 2.6).
    /// </summary>
    /// <exception cref="ConfigurationException">Both blocks set it, to different values, or one of them to none.</exception>
    public static string StagingLayout(ResolvedConfiguration athena, ResolvedConfiguration files)
    {
        const string field = "staging_dataset_name_layout";
        if (new[] { athena, files }.Any(b => b.IsSet(field) && string.IsNullOrWhiteSpace(b.Text(field))))
        {
            throw new ConfigurationException($"{field} is empty, so the staging dataset would have no name. Nothing was run. Set it to a "
                + $"name with %s for that of the dataset, such as {AthenaSettings.DefaultStagingDatasetNameLayout}, or remove it.")
            { Fields = [field] };
        }

        var (own, other) = (athena.Text(field), files.Text(field));
        var isOfFiles = files.IsSet(field);
        if (!athena.IsSet(field)) return (isOfFiles ? other : own) ?? AthenaSettings.DefaultStagingDatasetNameLayout;
        if (isOfFiles && own != other)
            throw new ConfigurationException(
                $"{field} is '{own}' for athena and '{other}' for filesystem: files of one staging dataset would go to two places. Nothing "
                + "was run. Set it once, or to the same value in both blocks.")
            { Fields = [field] };
        return own ?? AthenaSettings.DefaultStagingDatasetNameLayout;
    }
}

using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations;

/// <summary>Where the tables of a dataset have their files.</summary>
/// <param name="settings">Bucket and layouts.</param>
/// <param name="database">The dataset's database.</param>
internal sealed partial class DatasetLocations(AthenaSettings settings, string database)
{
    /// <summary>The part of the bucket that datasets are loaded to.</summary>
    public ObjectLocation Bucket { get; } = ObjectLocation.Parse(settings.BucketUrl);

    /// <summary>The folder of the dataset.</summary>
    public ObjectLocation Dataset { get; } = ObjectLocation.Parse(settings.BucketUrl).Combine(database);

    /// <summary>The folder of an external table, with a slash at its end.</summary>
    public string Of(string table) => Dataset.Combine(settings.Layout.TablePrefix(table)).ToString();

    /// <summary>The folder of a new Iceberg table, without a slash at its end.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tag">What <c>{location_tag}</c> stands for.</param>
    /// <exception cref="ConfigurationException">The layout has a placeholder that is not known.</exception>
    public string OfIceberg(string table, string tag)
    {
        if (settings.TableLocationLayout == AthenaSettings.DefaultTableLocationLayout) return Of(table).TrimEnd('/');
        var path = Placeholder().Replace(settings.TableLocationLayout, match => match.Groups[1].Value switch
        {
            "dataset_name" => database,
            "table_name" => TableFolder.Of(table),
            "location_tag" => tag,
            var other => throw Unknown(other),
        });
        return Bucket.Combine(path).ToString().TrimEnd('/');
    }

    /// <summary>The folder of a new Iceberg table, with a tag that no other table has.</summary>
    public string OfNewIceberg(string table) => OfIceberg(table, Guid.NewGuid().ToString("N")[..12]);

    private static ConfigurationException Unknown(string placeholder) => new(
        $"table_location_layout has the placeholder '{{{placeholder}}}'. There are {{dataset_name}}, {{table_name}} and "
            + "{location_tag}. Nothing was run.") { Fields = ["table_location_layout"] };

    [GeneratedRegex(@"\{(\w*)\}")]
    private static partial Regex Placeholder();
}

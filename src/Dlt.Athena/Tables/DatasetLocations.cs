using System.Text.RegularExpressions;
using Dlt.Destinations.Settings;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>Locations of the tables of a dataset.</summary>
/// <param name="settings">Bucket URL and layouts.</param>
/// <param name="database">The dataset's database.</param>
internal sealed partial class DatasetLocations(AthenaSettings settings, string database)
{
    /// <summary>The bucket, or the folder in it, that holds the datasets.</summary>
    public ObjectLocation Bucket { get; } = ObjectLocation.Parse(settings.BucketUrl);

    /// <summary>Folder of the dataset.</summary>
    public ObjectLocation Dataset { get; } = ObjectLocation.Parse(settings.BucketUrl).Combine(database);

    /// <summary>Folder of an external table, with a trailing slash.</summary>
    public string Of(string table) => Dataset.Combine(settings.Layout.TablePrefix(table)).ToString();

    /// <summary>True when a LOCATION is the folder of an external table, or that of a swap below it.</summary>
    /// <param name="location">The LOCATION of the table.</param>
    /// <param name="folder">Folder of the table.</param>
    public static bool IsOf(string location, string folder) =>
        SwapFolder.PlainOf(location.TrimEnd('/') + "/") == folder.TrimEnd('/') + "/";

    /// <summary>Folder of a table of another dataset in the same bucket, with a trailing slash.</summary>
    public string Of(string table, string otherDatabase) =>
        Bucket.Combine(otherDatabase).Combine(settings.Layout.TablePrefix(table)).ToString();

    /// <summary>Folder of a new Iceberg table, without a trailing slash.</summary>
    /// <param name="table">The table.</param>
    /// <param name="tag">Value of the placeholder <c>{location_tag}</c>.</param>
    /// <exception cref="ConfigurationException">The layout has an unknown placeholder.</exception>
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

    /// <summary>Refuses a layout of Iceberg tables that no table could follow.</summary>
    /// <exception cref="ConfigurationException">The layout has an unknown placeholder, or a part that is not a folder's name.</exception>
    public void CheckLayout()
    {
        OfIceberg("t", "");
        var layout = settings.TableLocationLayout;
        if (!(layout.EndsWith('/') ? layout[..^1] : layout).Split('/').Any(part => part is "" or "." or "..")) return;
        throw new ConfigurationException($"table_location_layout = '{layout}' has an empty part, '.' or '..', which is not a folder's "
            + "name. Nothing was run. Remove it.")
        { Fields = ["table_location_layout"] };
    }

    /// <summary>Folder of a new Iceberg table, with a random tag of 12 hex digits.</summary>
    public string OfNewIceberg(string table) => OfIceberg(table, Guid.NewGuid().ToString("N")[..12]);

    private static ConfigurationException Unknown(string placeholder) => new(
        $"table_location_layout has the unknown placeholder '{{{placeholder}}}'. Nothing was run. Use {{dataset_name}}, {{table_name}} "
            + "or {location_tag}.")
    { Fields = ["table_location_layout"] };

    [GeneratedRegex(@"\{(\w*)\}")]
    private static partial Regex Placeholder();
}

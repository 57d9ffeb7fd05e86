using Dlt.Documents;
using Dlt.Sources.Rest;

namespace Dlt;

/// <summary>
/// Loads a REST API by a description of its endpoints: paths, parameters, authentication, paging, parents and children (dlt documentation,
/// REST API source).
/// </summary>
public static class RestApi
{
    /// <summary>Creates the source of an API.</summary>
    /// <param name="name">
    /// Name of the source, of its schema and of its section in the configuration: values that are missing in <paramref name="config"/> are
    /// read from <c>sources.&lt;name&gt;</c>.
    /// </param>
    /// <param name="config">The API. Written in C#, or read by <see cref="FromFile"/>.</param>
    /// <exception cref="ConfigurationException">The description contradicts itself. The error names the place.</exception>
    public static Source Source(string name, RestApiConfig config) => RestSource.Create(name, config);

    /// <summary>
    /// Reads the description of an API from a file in the shape of dlt's <c>rest_api</c> configuration: JSON if its name ends with
    /// <c>.json</c>, YAML otherwise.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// The file does not exist, or is not such a description. The error names the place.
    /// </exception>
    public static RestApiConfig FromFile(string path) => RestConfigReader.Read(DocumentText.FromFile(path));

    /// <summary>Reads the description of an API from YAML in the shape of dlt's <c>rest_api</c> configuration.</summary>
    /// <exception cref="ConfigurationException">The text is not such a description. The error names the place.</exception>
    public static RestApiConfig FromYaml(string text) => RestConfigReader.Read(DocumentText.FromYaml(text));

    /// <summary>Reads the description of an API from JSON in the shape of dlt's <c>rest_api</c> configuration.</summary>
    /// <exception cref="ConfigurationException">The text is not such a description. The error names the place.</exception>
    public static RestApiConfig FromJson(string text) => RestConfigReader.Read(DocumentText.FromJson(text));
}

using System.Collections.Immutable;
using Dlt.Documents;
using Dlt.Sources.PipelineFiles;
using Dlt.Sources.PipelineFiles.Schemas;

namespace Dlt;

/// <summary>A pipeline without code: the content of a <c>pipeline.yaml</c>.</summary>
public sealed class PipelineFile
{
    internal PipelineFile(string pipelineName, string? destinationName, string? datasetName, ImmutableArray<Source> sources) =>
        (PipelineName, DestinationName, DatasetName, Sources) = (pipelineName, destinationName, datasetName, sources);

    /// <summary>JSON schema of the file, for editors.</summary>
    public static JsonValue JsonSchema { get; } = PipelineSchema.Create();

    /// <summary>Name of the pipeline.</summary>
    public string PipelineName { get; }

    /// <summary>Name of the destination, whose settings are in <c>[destination.NAME]</c>; null for that of the settings.</summary>
    public string? DestinationName { get; }

    /// <summary>Name of the dataset; null for the default of the pipeline.</summary>
    public string? DatasetName { get; }

    /// <summary>Sources of the pipeline, one for each stream, in the order of the file.</summary>
    public ImmutableArray<Source> Sources { get; }

    /// <summary>
    /// Reads a file: JSON if its name ends with <c>.json</c>, YAML otherwise. A file that only describes a REST API, in the shape of dlt's
    /// <c>rest_api</c> configuration, is a pipeline of that source, named after the file.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="configuration">Configuration and environment that <c>${…}</c> is read from; null for those of the current
    /// folder.</param>
    /// <exception cref="ConfigurationException">
    /// The file does not exist, or is not such a description. The error names file, line and place.
    /// </exception>
    public static PipelineFile Read(string path, DltConfiguration? configuration = null)
    {
        var document = DocumentText.FromFile(path);
        return PipelineFileReader.Read(DocumentVariables.Replace(document, configuration ?? DltConfiguration.Load()));
    }
}

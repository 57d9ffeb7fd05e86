namespace Dlt.Destinations;

/// <summary>Names, configuration and services that a run provides to a destination to open a dataset.</summary>
/// <param name="PipelineName">Name of the pipeline; its own configuration sections take precedence.</param>
/// <param name="DatasetName">Name of the dataset as the user gave it.</param>
/// <param name="Configuration">Configuration that the settings of the destination are read from.</param>
/// <param name="Time">Clock of the run.</param>
/// <param name="Warn">Receives warnings, each one or more sentences for the user.</param>
public sealed record DestinationContext(
    string PipelineName, string DatasetName, DltConfiguration Configuration, TimeProvider Time, Action<string> Warn)
{
    /// <summary>
    /// Receives warnings about settings. Settings are read each time the destination opens, and the user sees each warning once.
    /// <see cref="Warn"/> unless set.
    /// </summary>
    public Action<string> WarnOfSettings { get; init; } = Warn;

    /// <summary>
    /// Folder for temporary files of a preview, which is deleted afterwards; null for a run. A client that is opened for a preview writes
    /// nothing to its destination. The calls of a preview are those that read, and <see cref="ILoadPreview.PreviewAsync"/>.
    /// </summary>
    public string? PreviewFolder { get; init; }
}

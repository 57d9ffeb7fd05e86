using Dlt.Configuration;

namespace Dlt.Destinations;

/// <summary>What a destination gets from a run to open a dataset.</summary>
/// <param name="PipelineName">Name of the pipeline, whose own sections of the configuration come first.</param>
/// <param name="DatasetName">The dataset, as the user named it.</param>
/// <param name="Configuration">The configuration.</param>
/// <param name="Time">The clock of the run.</param>
/// <param name="Warn">Takes warnings: one or more sentences for the user.</param>
public sealed record DestinationContext(
    string PipelineName, string DatasetName, DltConfiguration Configuration, TimeProvider Time, Action<string> Warn)
{
    /// <summary>
    /// Takes warnings about settings, which are read each time that the destination opens; the user sees each of them once. It is
    /// <see cref="Warn"/> unless set.
    /// </summary>
    public Action<string> WarnOfSettings { get; init; } = Warn;
}

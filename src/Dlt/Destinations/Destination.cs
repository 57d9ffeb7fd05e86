using Dlt.Configuration;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Where a pipeline loads to. Made by a destination's package, such as <c>Athena.Destination()</c>.</summary>
public abstract class Destination
{
    /// <summary>Fully qualified type as dlt writes it to the state, such as <c>dlt.destinations.athena</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Name of its section in the configuration; the last part of the type unless configured otherwise.</summary>
    public virtual string Name => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>Type of the store that files are put on first; null for none.</summary>
    public virtual string? StagingType => null;

    /// <summary>What the destination can do.</summary>
    public abstract DestinationCapabilities Capabilities { get; }

    /// <summary>Folder that replaces the pipelines folder, as the local account does; null for the usual one.</summary>
    public virtual string? PipelinesFolder => null;

    /// <summary>What it can do under a configuration.</summary>
    internal virtual DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) => Capabilities;

    /// <summary>Resolves the configuration and opens the destination; nothing is written.</summary>
    /// <exception cref="ConfigurationException">The configuration is not complete.</exception>
    internal abstract IDestinationClient Open(DestinationContext context);
}

/// <summary>What a destination needs to know to open.</summary>
internal sealed record DestinationContext(
    string PipelineName, string DatasetName, DltConfiguration Configuration, TimeProvider Time, Action<string> Warn)
{
    /// <summary>
    /// Called with warnings about settings, which are read each time that the destination opens; null: as any other warning.
    /// </summary>
    public Action<string>? WarnOfSettings { get; init; }
}

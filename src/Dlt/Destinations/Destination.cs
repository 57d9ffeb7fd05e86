using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Where a pipeline loads to. Made by a destination's package, such as <c>Athena.Destination()</c>; a destination of your own derives
/// from it and opens an <see cref="IDestinationClient"/>.
/// </summary>
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

    /// <summary>What it can do under a configuration; <see cref="Capabilities"/> unless a setting changes that.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="pipeline">Name of the pipeline, whose own sections come first.</param>
    public virtual DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) => Capabilities;

    /// <summary>Resolves the configuration and opens one dataset. Nothing is written, and no service is called.</summary>
    /// <param name="context">The dataset, and what the run gives to it.</param>
    /// <exception cref="ConfigurationException">The configuration is not complete.</exception>
    public abstract IDestinationClient Open(DestinationContext context);
}

using Dlt.Destinations;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Destination that a pipeline loads to. A destination package creates it, such as <c>Athena.Destination()</c>. To write a new destination,
/// derive from this class and implement <see cref="IDestinationClient"/>.
/// </summary>
public abstract class Destination
{
    /// <summary>Fully qualified type as dlt writes it to the state, such as <c>dlt.destinations.athena</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Name of the destination's section in the configuration; the last part of <see cref="Type"/> unless overridden.</summary>
    public virtual string Name => Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>True if the name is not the one that the type gives, so commands must be given it.</summary>
    internal bool HasOwnName => Name != Type[(Type.LastIndexOf('.') + 1)..];

    /// <summary>Type of the store that files are staged in; null for none.</summary>
    public virtual string? StagingType => null;

    /// <summary>Formats, limits and features of the destination.</summary>
    public abstract DestinationCapabilities Capabilities { get; }

    /// <summary>Folder that replaces the pipelines folder, as for a local account; null for the configured one.</summary>
    public virtual string? PipelinesFolder => null;

    /// <summary>Returns the capabilities under a configuration; <see cref="Capabilities"/> unless a setting changes them.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="pipeline">Name of the pipeline; its own configuration sections take precedence.</param>
    public virtual DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) => Capabilities;

    /// <summary>
    /// Returns this destination under the name of the setting <c>destination_name</c>, whose section it reads; this destination itself
    /// unless it has named sections and the program gave it no name.
    /// </summary>
    /// <param name="name">The name, such as <c>athena_prod</c>.</param>
    public virtual Destination Named(string name) => this;

    /// <summary>Resolves the configuration and opens one dataset. Nothing is written and no service is called.</summary>
    /// <param name="context">The dataset, and the settings and services that the run provides.</param>
    /// <exception cref="ConfigurationException">A setting is missing or invalid.</exception>
    public abstract IDestinationClient Open(DestinationContext context);
}

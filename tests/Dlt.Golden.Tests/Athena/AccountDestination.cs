using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Destinations.Settings;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Golden.Athena;

/// <summary>The destination of AWS, with all of its settings, over the services of a local account.</summary>
internal sealed class AccountDestination(LakeAccount account) : Destination
{
    private readonly Destination _aws = Dlt.Athena.Destination();

    public override string Type => _aws.Type;

    public override string? StagingType => _aws.StagingType;

    public override DestinationCapabilities Capabilities => _aws.Capabilities;

    public override DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) =>
        _aws.CapabilitiesOf(configuration, pipeline);

    public override IDestinationClient Open(DestinationContext context)
    {
        var settings = AthenaSettings.Resolve(context.Configuration, context.PipelineName, context.WarnOfSettings, isLocal: false);
        settings.Refused.Check(Stops.Loads);
        return new AthenaDataset(settings, account, context, ownsLake: false);
    }
}

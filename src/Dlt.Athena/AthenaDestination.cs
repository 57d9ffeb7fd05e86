using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Opens datasets on AWS or in an in-process account.</summary>
internal sealed class AthenaDestination(LakeAccount? account) : Destination
{
    public override string Type => "dlt.destinations.athena";

    public override string StagingType => "dlt.destinations.filesystem";

    public override DestinationCapabilities Capabilities => AthenaCapabilities.Default;

    public override DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) =>
        configuration.GetBool("destination.athena.force_iceberg", pipeline) == true
            ? AthenaCapabilities.ForcedIceberg
            : Capabilities;

    public override string? PipelinesFolder => account?.PipelinesFolder;

    public override IDestinationClient Open(DestinationContext context)
    {
        var settings = AthenaSettings.Resolve(
            context.Configuration, context.PipelineName, context.WarnOfSettings, isLocal: account is not null);
        settings.Refused.Check(Stops.Loads);
        if (account is not null) settings = settings with { BucketUrl = account.BucketUrl, QueryResultBucket = account.QueryResultBucket };
        if (account is null && LoginMismatch.Warning(settings) is { } warning) context.WarnOfSettings(warning);
        var lake = account is null ? AwsAccount.Open(settings.ToAccountOptions(), new(context.Time, context.Warn)) : account;
        return new AthenaDataset(settings, lake, context, ownsLake: account is null);
    }
}

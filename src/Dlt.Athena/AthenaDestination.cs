using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations.Previews;
using Dlt.Destinations.Settings;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Opens datasets on AWS or in an in-process account.</summary>
/// <param name="account">The in-process account; null for AWS.</param>
/// <param name="name">The name that the program gives the destination; null for none.</param>
/// <param name="options">The settings that the program gives.</param>
internal sealed class AthenaDestination(LakeAccount? account, string? name, AthenaOptions options) : Destination
{
    private readonly DestinationBlocks _blocks = new(name ?? DestinationBlocks.DefaultName);

    public override string Type => "dlt.destinations.athena";

    public override string Name => _blocks.Name;

    public override string StagingType => "dlt.destinations.filesystem";

    public override DestinationCapabilities Capabilities => AthenaCapabilities.Default;

    public override DestinationCapabilities CapabilitiesOf(DltConfiguration configuration, string pipeline) =>
        AthenaCapabilities.Of(new ConfigurationResolver(configuration, _blocks.Athena, pipeline)
            .Resolve(AthenaSpecs.OfCapabilities, options.ToAthena()));

    public override string? PipelinesFolder => account?.PipelinesFolder;

    public override Destination Named(string configuredName) =>
        name is null ? new AthenaDestination(account, configuredName, options) : this;

    public override IDestinationClient Open(DestinationContext context)
    {
        var settings = AthenaSettings.Resolve(
            context.Configuration, context.PipelineName, context.WarnOfSettings, isLocal: account is not null, _blocks, options);
        settings.Refused.Check(Stops.Loads);
        if (account is not null) settings = settings with { BucketUrl = account.BucketUrl, QueryResultBucket = account.QueryResultBucket };
        if (account is not null) MergeEngine.CheckLocal(settings);
        if (account is null && LoginMismatch.Warning(settings) is { } warning) context.WarnOfSettings(warning);
        LakeAccount lake = account is null ? AwsAccount.Open(settings.ToAccountOptions(), new(context.Time, context.Warn)) : account;
        if (context.PreviewFolder is { } folder) lake = new PreviewAccount(lake, folder, context.Time);
        return new AthenaDataset(settings, lake, context, ownsLake: account is null);
    }
}

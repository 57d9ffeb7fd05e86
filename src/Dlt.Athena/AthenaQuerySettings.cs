using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Destinations;

/// <summary>The settings of calls that belong to no pipeline: queries, and work on Iceberg tables.</summary>
/// <param name="configuration">The configuration; null to load that of the current folder when it is needed.</param>
/// <param name="name">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
/// <param name="options">Settings of the program; null for none.</param>
internal sealed class AthenaQuerySettings(DltConfiguration? configuration, string? name, AthenaOptions? options)
{
    /// <summary>Opens the account on AWS.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or malformed, or forbids the call.</exception>
    public AwsAccount Open(Stops what)
    {
        var all = configuration ?? DltConfiguration.Load();
        var settings = Resolve(all, isLocal: false);
        settings.Refused.Check(what);
        return AwsAccount.Open(settings.ToAccountOptions(), new(TimeProvider.System, ProgramLog.WarningsTo(all)));
    }

    /// <summary>Finds the Glue database of a dataset: the one that loads create, else the one with exactly that name.</summary>
    public Task<string> DatabaseOfAsync(string dataset, IGlueCatalog glue, bool isLocal, CancellationToken cancellationToken) =>
        DatabaseName.FindAsync(glue, dataset, () => Resolve(configuration ?? DltConfiguration.Load(), isLocal), cancellationToken);

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or malformed.</exception>
    public AthenaSettings Resolve(bool isLocal, Action<string>? warn = null) =>
        Resolve(configuration ?? DltConfiguration.Load(), isLocal, warn);

    private AthenaSettings Resolve(DltConfiguration all, bool isLocal, Action<string>? warn = null) =>
        AthenaSettings.Resolve(all, null, warn ?? (_ => { }), isLocal, DestinationBlocks.Of(name, all), options);
}

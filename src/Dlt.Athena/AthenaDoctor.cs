using System.Runtime.CompilerServices;
using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Internal;
using Dlt.Storage;

namespace Dlt;

/// <summary>Checks whether the destination that the settings name works, and says which rights it needs.</summary>
public static class AthenaDoctor
{
    private const string SettingsCheck = "settings";

    /// <summary>Reads the settings, then checks logins, bucket, rights and queries.</summary>
    /// <param name="dataset">The dataset's name in the pipeline; null to check the rights on datasets of any name.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <param name="cancellationToken">Stops between and within checks.</param>
    /// <returns>The results in the order of the checks. Settings that cannot be read are the only result.</returns>
    public static async IAsyncEnumerable<CheckResult> RunAsync(
        string? dataset = null, DltConfiguration? configuration = null, string? destination = null, AthenaOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var warnings = new List<string>();
        var (settings, problem) = Read(new(configuration, destination, options), warnings.Add);
        yield return problem ?? new(SettingsCheck, warnings.Count == 0 ? CheckState.Ok : CheckState.Warning, warnings.Count == 0
            ? settings!.BucketUrl : string.Join(' ', warnings));
        if (settings is null) yield break;
        var checks = new AwsDoctorOptions
        {
            Account = settings.ToAccountOptions(),
            IsReadOnly = settings.IsReadOnly,
            UsesStatements = settings.Ddl == DdlService.Athena,
            Database = dataset is null ? null : DatabaseName.Of(settings, dataset),
        };
        await foreach (var result in AwsDoctor.RunAsync(checks, cancellationToken: cancellationToken).ConfigureAwait(false))
            yield return result;
    }

    /// <summary>The least IAM policy that loads into the destination and queries of it need.</summary>
    /// <param name="dataset">The dataset's name in the pipeline; null for all datasets.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>The policy as a JSON document; for several logins, an object with the document of each by its name.</returns>
    /// <exception cref="ConfigurationException">A setting is missing or malformed, or the login does not work.</exception>
    public static Task<JsonValue> PolicyAsync(
        string? dataset = null, DltConfiguration? configuration = null, string? destination = null, AthenaOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var settings = new AthenaQuerySettings(configuration, destination, options).Resolve(isLocal: false);
        return AwsPolicy.CreateAsync(
            new()
            {
                Account = settings.ToAccountOptions(),
                Databases = dataset is null ? [] : [.. DatabasesOf(settings, dataset)],
                Folders = dataset is null ? [] : [.. FoldersOf(settings, dataset)],
                IsReadOnly = settings.IsReadOnly,
                HasLakeFormationTags = settings.Tags is not null,
                WritesByStatements = settings.Ddl == DdlService.Athena || settings.MergeEngine == MergeEngine.Athena,
                MakesHelperTables = settings.MergeEngine == MergeEngine.Athena,
                HasListedPartitions = settings.HivePartitions == HivePartitions.Glue,
            },
            cancellationToken);
    }

    /// <summary>The database of a dataset, and that of its staging dataset, which holds an empty table for Python dlt.</summary>
    private static string[] DatabasesOf(AthenaSettings settings, string dataset) =>
    [
        DatabaseName.Of(settings, dataset),
        DatabaseName.Of(settings, StagingStateTable.NameOf(settings.StagingDatasetNameLayout, dataset)),
    ];

    /// <summary>
    /// The folders of both datasets, those of Iceberg tables that the layout puts elsewhere, and that of the objects of the checks.
    /// </summary>
    private static IEnumerable<string> FoldersOf(AthenaSettings settings, string dataset)
    {
        foreach (var locations in DatabasesOf(settings, dataset).Select(d => new DatasetLocations(settings, d)))
        {
            var folder = locations.Dataset.ToString();
            yield return folder;
            var tables = locations.OfIceberg("*", "*");
            if (!tables.StartsWith(folder + "/", StringComparison.Ordinal)) yield return tables;
        }

        yield return ObjectLocation.Parse(settings.BucketUrl).Combine("_dlt_doctor").ToString();
    }

    private static (AthenaSettings? Settings, CheckResult? Problem) Read(AthenaQuerySettings reader, Action<string> warn)
    {
        try
        {
            var settings = reader.Resolve(isLocal: false, warn);
            settings.Refused.Check(Stops.Loads);
            if (LoginMismatch.Warning(settings) is { } mismatch) warn(mismatch);
            return (settings, null);
        }
        catch (DltException error)
        {
            return (null, new(SettingsCheck, CheckState.Failed, error.Message));
        }
    }
}

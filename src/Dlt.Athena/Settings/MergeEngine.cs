using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>Values of the setting <c>merge_engine</c>: who merges rows into Iceberg tables.</summary>
internal static class MergeEngine
{
    /// <summary>Commits of the loader, which need no query.</summary>
    public const string Native = "native";

    /// <summary>Statements of Athena, with the texts of Python dlt.</summary>
    public const string Athena = "athena";

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [Native, Athena];

    /// <summary>Refuses the statements on a local account, whose Athena reads tables and does not change rows.</summary>
    /// <exception cref="ConfigurationException">The setting is <see cref="Athena"/>.</exception>
    public static void CheckLocal(AthenaSettings settings)
    {
        if (settings.MergeEngine != Athena) return;
        throw new ConfigurationException("merge_engine = \"athena\" does not work on a local account: its Athena does not change rows. "
            + "Nothing was run. Set merge_engine = \"native\", which merges the same rows, in the configuration or for one run with "
            + "DESTINATION__ATHENA__MERGE_ENGINE=native.")
        { Fields = ["merge_engine"] };
    }
}

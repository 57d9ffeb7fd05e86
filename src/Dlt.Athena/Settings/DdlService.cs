using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>Values of the setting <c>ddl</c>: the service that makes, changes and drops databases and tables.</summary>
internal static class DdlService
{
    /// <summary>Calls of Glue, which need no query.</summary>
    public const string Glue = "glue";

    /// <summary>Statements of Athena, with the texts of Python dlt.</summary>
    public const string Athena = "athena";

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [Glue, Athena];
}

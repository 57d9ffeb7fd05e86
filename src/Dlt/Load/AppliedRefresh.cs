using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Records in the state of a package that the destination has applied its refresh, so it is not applied twice.</summary>
internal static class AppliedRefresh
{
    private const string Dropped = "applied_dropped_tables";
    private const string Truncated = "applied_truncated_tables";

    /// <summary>True when a refresh of the package was applied.</summary>
    /// <param name="packageState">The state of the package.</param>
    public static bool IsNoted(JsonValue packageState) => packageState[Dropped] is not null;

    /// <summary>Records the refresh of a plan, if it has one.</summary>
    public static void Note(LoadPackage package, LoadPlan plan)
    {
        if (plan.Dropped.IsEmpty && plan.Emptied.IsEmpty) return;
        var emptied = plan.Emptied.SelectMany(c => c.Tables).Select(t => t.Table);
        package.SaveState(package.LoadState().With(Dropped, Names(plan.Dropped)).With(Truncated, Names(emptied)));
    }

    private static JsonValue Names(IEnumerable<TableSchema> tables) =>
        JsonValue.Array([.. tables.Select(t => t.Name).Order(StringComparer.Ordinal).Select(JsonValue.String)]);
}

using Dlt.Schemas;
using Dlt.Settings;

namespace Dlt.Packages;

/// <summary>
/// Reads and writes the tables that a load drops or empties before it loads new data, in the state of its package (docs/spec/pipeline.md
/// 1.10).
/// </summary>
internal static class RefreshedTables
{
    private const string Mode = "refresh";
    private const string DroppedTables = "dropped_tables";
    private const string TruncatedTables = "truncated_tables";

    /// <summary>True when the state of a package lists tables.</summary>
    public static bool AreIn(JsonValue packageState) =>
        packageState[DroppedTables] is not null || packageState[TruncatedTables] is not null;

    /// <summary>Returns the state of a package with the mode and the tables of the refresh.</summary>
    /// <param name="packageState">The state.</param>
    /// <param name="mode">Mode of the refresh: it decides whether the tables are dropped or emptied.</param>
    /// <param name="tables">The tables, children before parents.</param>
    public static JsonValue AddTo(JsonValue packageState, RefreshMode mode, IEnumerable<TableSchema> tables) => packageState
        .With(Mode, JsonValue.String(RefreshSetting.NameOf(mode)))
        .With(mode == RefreshMode.DropData ? TruncatedTables : DroppedTables, JsonValue.Array([.. tables.Select(t => t.ToJson())]));

    /// <summary>Returns the state of a package that drops tables without a refresh.</summary>
    /// <param name="packageState">The state.</param>
    /// <param name="tables">The tables, children before parents.</param>
    public static JsonValue AddDropped(JsonValue packageState, IEnumerable<TableSchema> tables) =>
        packageState.With(DroppedTables, JsonValue.Array([.. tables.Select(t => t.ToJson())]));

    /// <summary>Returns the tables that the load drops, children before parents.</summary>
    public static List<TableSchema> Dropped(JsonValue packageState) => Tables(packageState[DroppedTables]);

    /// <summary>Returns the tables that the load empties, children before parents.</summary>
    public static List<TableSchema> Truncated(JsonValue packageState) => Tables(packageState[TruncatedTables]);

    private static List<TableSchema> Tables(JsonValue? list) => [.. list?.Items.Select(TableSchema.FromJson) ?? []];
}

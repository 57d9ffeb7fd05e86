using Dlt.Json;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Extract;

/// <summary>What a run drops before it takes new data, as its package carries it to the load (spec/pipeline.md 1.10).</summary>
/// <param name="Mode">The mode.</param>
/// <param name="Tables">The tables, children before parents.</param>
internal sealed record Refresh(RefreshMode Mode, IReadOnlyList<TableSchema> Tables)
{
    private const string ModeKey = "refresh";
    public const string DroppedTables = "dropped_tables";
    public const string TruncatedTables = "truncated_tables";

    /// <summary>Drops tables from the schema, and state; a source that was never loaded has nothing to drop.</summary>
    /// <param name="mode">What is dropped.</param>
    /// <param name="source">Its selected resources are refreshed.</param>
    /// <param name="schema">The stored schema; another one afterwards for <see cref="RefreshMode.DropSources"/>.</param>
    /// <param name="state">The pipeline's state.</param>
    public static Refresh Apply(RefreshMode mode, Source source, ref Schema schema, StateStore state)
    {
        var stored = schema;
        var resources = source.Resources.Where(r => r.IsSelected).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var roots = stored.DataTables.Where(t => t.Parent is null
            && (mode == RefreshMode.DropSources || (t.Resource is { } own && resources.Contains(own))));
        List<TableSchema> tables =
            [.. roots.SelectMany(stored.ChainOf).Where(t => t.HasSeenData || mode != RefreshMode.DropSources).Reverse()];
        state.Forget(source.Name, mode == RefreshMode.DropSources ? null : resources);
        if (mode == RefreshMode.DropSources) schema = new Schema(stored.Name, stored.Naming);
        else if (mode == RefreshMode.DropResources) tables.ForEach(t => stored.Drop(t.Name));
        return new(mode, tables);
    }

    /// <summary>The package's state with the list of tables.</summary>
    public JsonValue AddTo(JsonValue packageState) => packageState
        .With(ModeKey, JsonValue.String(NameOf(Mode)))
        .With(Mode == RefreshMode.DropData ? TruncatedTables : DroppedTables, JsonValue.Array([.. Tables.Select(t => t.ToJson())]));

    /// <summary>Tables of one of the lists in a package's state.</summary>
    public static List<TableSchema> TablesIn(JsonValue packageState, string list) =>
        [.. packageState[list]?.Items.Select(TableSchema.FromJson) ?? []];

    /// <summary>The mode of a setting; null for none.</summary>
    /// <exception cref="Configuration.ConfigurationException">It is no mode.</exception>
    public static RefreshMode? Parse(string? setting) => setting switch
    {
        null or "" => null,
        "drop_sources" => RefreshMode.DropSources,
        "drop_resources" => RefreshMode.DropResources,
        "drop_data" => RefreshMode.DropData,
        _ => throw new Configuration.ConfigurationException(
            $"The setting refresh is '{setting}'. It can be drop_sources, drop_resources or drop_data. Nothing was run.")
                { Fields = ["refresh"] },
    };

    private static string NameOf(RefreshMode mode) => mode switch
    {
        RefreshMode.DropSources => "drop_sources",
        RefreshMode.DropResources => "drop_resources",
        _ => "drop_data",
    };
}

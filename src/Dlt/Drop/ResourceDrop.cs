using Dlt.Schemas;
using Dlt.Sources.State;
using Dlt.State;

namespace Dlt.Drop;

/// <summary>Applies a selection to copies of a schema and of the state (docs/spec/pipeline.md 12.2).</summary>
internal sealed class ResourceDrop
{
    private readonly List<TableSchema> _dropped;

    /// <param name="selection">What to drop.</param>
    /// <param name="schema">A copy of the stored schema, which loses the tables.</param>
    /// <param name="state">The state of the pipeline.</param>
    /// <exception cref="DltException">A pattern or a path is malformed.</exception>
    private ResourceDrop(DropSelection selection, Schema schema, PipelineState state)
    {
        Schema = schema;
        var patterns = new ResourcePatterns(selection.Resources);
        var roots = schema.DataTables.Where(t => t.Parent is null).ToLookup(t => t.Resource ?? t.Name, StringComparer.Ordinal);
        var known = roots.Select(r => r.Key).ToList();
        var source = state.Json["sources"]?[schema.Name];
        var withState = source?["resources"]?.Members.Names.ToList() ?? [];
        bool IsSelected(string name) => selection.DropAll || patterns.Match(name);
        var resources = known.Where(IsSelected).ToList();
        var states = withState.Where(IsSelected).ToList();
        var tables = selection.StateOnly
            ? [] : resources.SelectMany(r => roots[r]).SelectMany(schema.ChainOf).Reverse().ToList();
        _dropped = tables.FindAll(t => t.HasSeenData);
        List<string> warnings = [.. patterns.WithoutMatch([.. known, .. withState]).Select(p =>
            $"Resource '{p}' selects no table and no state in schema {schema.Name}. It has the resources: {string.Join(", ", known)}.")];

        var store = new StateStore(state.Json);
        store.Forget(schema.Name, states);
        State = new(RemovePaths(selection, schema.Name, store.Current, warnings, out var paths));
        tables.ForEach(t => schema.Drop(t.Name));
        Preview = new()
        {
            SchemaName = schema.Name,
            Resources = [.. resources],
            Tables = [.. tables.Select(t => t.Name)],
            TablesWithData = [.. _dropped.Select(t => t.Name)],
            ResourceStates = [.. states],
            StatePaths = [.. paths],
            Warnings = [.. warnings],
        };
    }

    /// <summary>Applies a selection to copies of the schema and the state that a pipeline has in its working folder.</summary>
    /// <exception cref="DltException">Packages wait to be loaded, or the schema does not exist. Nothing was changed.</exception>
    public static ResourceDrop Plan(PipelineContext pipeline, DropSelection selection, string defaultSchema)
    {
        var folder = pipeline.Folder;
        if (folder.Pending is { Count: > 0 } pending)
        {
            throw new DltException($"Packages of pipeline '{pipeline.Name}' wait to be loaded: "
                + $"{string.Join(", ", pending.Select(p => p.LoadId))}. Nothing was dropped. Load them with the next run, or give them up "
                + $"with: {folder.Abort}");
        }

        var name = selection.SchemaName ?? defaultSchema;
        var schema = folder.LoadSchema(name, pipeline.Capabilities.MaxIdentifierLength) ?? throw new DltException(
            $"Pipeline '{pipeline.Name}' has no schema '{name}'. Nothing was dropped. "
            + (folder.SchemaNames() is { Count: > 0 } names ? $"It has {string.Join(", ", names)}." : "It was never loaded."));
        return new(selection, schema, pipeline.State);
    }

    /// <summary>What will be dropped.</summary>
    public DropPreview Preview { get; }

    /// <summary>The schema without the tables.</summary>
    public Schema Schema { get; }

    /// <summary>The state without the selected parts. It counts as not yet written into a package, so it is stored in any case.</summary>
    public PipelineState State { get; }

    /// <summary>Tables that the load drops, nested ones before their parents.</summary>
    public IReadOnlyList<TableSchema> Dropped => _dropped;

    private static JsonValue RemovePaths(
        DropSelection selection, string source, JsonValue state, List<string> warnings, out List<string> removed)
    {
        removed = [];
        foreach (var path in selection.StatePaths.Select(StatePath.Parse))
        {
            var found = new List<string>();
            if (state["sources"]?[source] is { Kind: JsonKind.Object } own)
            {
                (var rest, found) = path.Remove(own);
                state = state.With("sources", state["sources"]!.With(source, rest));
            }

            if (found.Count == 0) warnings.Add($"The state path '{path.Text}' selects nothing in the state of source {source}.");
            removed.AddRange(found);
        }

        return state;
    }
}

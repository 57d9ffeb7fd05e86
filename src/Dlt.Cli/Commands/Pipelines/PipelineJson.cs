using Dlt.Schemas;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Writes pipelines as JSON, for programs.</summary>
internal static class PipelineJson
{
    /// <summary>The list of <c>dlt pipeline</c> without a name.</summary>
    public static JsonValue List(PipelineWorkspace workspace) => JsonValue.Object(
        ("folder", JsonValue.String(workspace.Folder)),
        ("pipelines", JsonValue.Array([.. workspace.Names().Select(workspace.Find).OfType<StoredPipeline>().Select(Summary)])));

    /// <summary>State, schemas and packages of a pipeline.</summary>
    public static JsonValue Info(StoredPipeline pipeline)
    {
        var state = pipeline.ReadState();
        return Summary(pipeline)
            .With("state", state ?? JsonValue.Null)
            .With("schemas", JsonValue.Array([.. pipeline.ReadSchemas().Select(s => Schema(s.Schema, state))]))
            .With("last_run", JsonValue.String(pipeline.ReadTrace() is not { } trace ? null : trace.HasFailed ? "failed" : "completed"));
    }

    private static JsonValue Summary(StoredPipeline pipeline) => JsonValue.Object(
        ("pipeline", JsonValue.String(pipeline.Name)),
        ("folder", JsonValue.String(pipeline.Folder)),
        ("dataset", JsonValue.String(PipelineList.TryDatasetOf(pipeline))),
        ("packages", JsonValue.Array([.. pipeline.Packages().Select(PackageJson.Of)])));

    private static JsonValue Schema(Schema schema, JsonValue? state) => JsonValue.Object(
        ("schema", JsonValue.String(schema.Name)),
        ("version", JsonValue.Integer(schema.Version)),
        ("version_hash", JsonValue.String(schema.VersionHash)),
        ("resources", JsonValue.Array([.. schema.DataTables.Where(t => t.Parent is null).GroupBy(t => t.Resource ?? t.Name).Select(r =>
            JsonValue.Object(
                ("resource", JsonValue.String(r.Key)),
                ("state_slots", JsonValue.Integer(state?["sources"]?[schema.Name]?["resources"]?[r.Key]?.Members.Count ?? 0)),
                ("tables", JsonValue.Array([.. r.SelectMany(schema.ChainOf).Select(t => JsonValue.Object(
                    ("table", JsonValue.String(t.Name)),
                    ("columns", JsonValue.Integer(t.Columns.Length)),
                    ("received_data", JsonValue.Bool(t.HasSeenData))))]))))])));
}

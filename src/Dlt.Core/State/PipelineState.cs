using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.State;

/// <summary>Forms of a pipeline's state (spec/pipeline.md 10.1, 10.3).</summary>
internal static class PipelineState
{
    /// <summary>The state of a pipeline that never ran.</summary>
    public static JsonValue New(string currentFolder, string pipelineName, bool isDevMode = false) => JsonValue.Object(
        ("_state_version", JsonValue.Integer(0)),
        ("_state_engine_version", JsonValue.Integer(StateJson.PipelineEngine)),
        ("_local", JsonValue.Object(
            ("first_run", JsonValue.Bool(true)),
            ("_dev_mode", JsonValue.Bool(isDevMode)),
            ("initial_cwd", JsonValue.String(currentFolder)))),
        ("pipeline_name", JsonValue.String(pipelineName)));

    /// <summary>The row of <c>_dlt_pipeline_state</c>, typed values as typed texts; normalize adds <c>_dlt_id</c>.</summary>
    public static JsonValue Row(JsonValue state, string loadId, DateTimeOffset now) => JsonValue.Object(
        ("version", state["_state_version"]!),
        ("engine_version", state["_state_engine_version"]!),
        ("pipeline_name", state["pipeline_name"]!),
        ("state", JsonValue.String(StateJson.Compress(state))),
        ("created_at", TypedJson.Encode(DataValue.Timestamp(Timestamp.From(now)))),
        ("version_hash", state["_version_hash"]!),
        (SystemTables.LoadId, JsonValue.String(loadId)));
}

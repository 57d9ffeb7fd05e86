using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.State;

/// <summary>
/// What a pipeline remembers from run to run (dlt documentation, State; docs/spec/pipeline.md 10). Immutable; members that are unknown here stay
/// where they are, since other versions of dlt read the same file.
/// </summary>
/// <param name="Json">The stored form, an object.</param>
internal sealed record PipelineState(JsonValue Json)
{
    private const string VersionName = "_state_version";
    private const string EngineVersionName = "_state_engine_version";
    private const string HashName = "_version_hash";
    private const string LocalName = "_local";
    private const string PipelineNameName = "pipeline_name";
    private const string DatasetNameName = "dataset_name";
    private const string DestinationTypeName = "destination_type";
    private const string DestinationNameName = "destination_name";
    private const string StagingTypeName = "staging_type";
    private const string StagingNameName = "staging_name";
    private const string DefaultSchemaNameName = "default_schema_name";
    private const string SchemaNamesName = "schema_names";

    /// <summary>How often the state changed.</summary>
    public long Version => Json[VersionName]!.AsInt64();

    /// <summary>Hash of the content without its local part; null before <see cref="Bumped"/> was called.</summary>
    public string? VersionHash => Text(HashName);

    /// <summary>The dataset that the pipeline loads into; null when the state does not name one.</summary>
    public string? DatasetName => Text(DatasetNameName);

    /// <summary>The destination's type, such as <c>dlt.destinations.athena</c>; null when the state does not name one.</summary>
    public string? DestinationType => Text(DestinationTypeName);

    /// <summary>The schema of the first source; null before the first extract.</summary>
    public string? DefaultSchemaName => Text(DefaultSchemaNameName);

    /// <summary>Names of the schemas of all sources, sorted.</summary>
    public ImmutableArray<string> SchemaNames =>
        Json[SchemaNamesName] is { Kind: JsonKind.Array } names ? [.. names.Items.Select(n => n.AsString())] : [];

    /// <summary>The part that stays on this machine.</summary>
    public LocalState Local => new(Json[LocalName] ?? JsonValue.EmptyObject);

    /// <summary>The state of a pipeline that never ran.</summary>
    /// <param name="currentFolder">The folder that the program runs in.</param>
    /// <param name="pipelineName">Name of the pipeline.</param>
    /// <param name="isDevMode">True when each run begins with nothing.</param>
    public static PipelineState New(string currentFolder, string pipelineName, bool isDevMode = false) => new(JsonValue.Object(
        (VersionName, JsonValue.Integer(0)),
        (EngineVersionName, JsonValue.Integer(StateJson.PipelineEngine)),
        (LocalName, LocalState.New(currentFolder, isDevMode).Json),
        (PipelineNameName, JsonValue.String(pipelineName))));

    /// <summary>A copy of the current engine.</summary>
    /// <exception cref="DltException">The engine is unknown.</exception>
    public PipelineState Migrated() => new(StateJson.Migrate(Json));

    /// <summary>A copy with its hash; the version counts up when there was another hash before.</summary>
    public PipelineState Bumped() => new(StateJson.Bump(Json));

    /// <summary>A copy for a destination; destinations have no names of their own here.</summary>
    public PipelineState WithDestination(string dataset, string type, string? stagingType) => new(WithDataset(dataset).Json
        .With(DestinationTypeName, JsonValue.String(type))
        .With(DestinationNameName, JsonValue.Null)
        .With(StagingTypeName, JsonValue.String(stagingType))
        .With(StagingNameName, JsonValue.Null));

    /// <summary>A copy for another dataset.</summary>
    public PipelineState WithDataset(string name) => new(Json.With(DatasetNameName, JsonValue.String(name)));

    /// <summary>A copy with another local part.</summary>
    public PipelineState With(LocalState local) => new(Json.With(LocalName, local.Json));

    /// <summary>A copy that has a list of schemas, be it an empty one.</summary>
    public PipelineState WithSchemas() => Json[SchemaNamesName] is null ? new(Json.With(SchemaNamesName, JsonValue.EmptyArray)) : this;

    /// <summary>A copy that knows a schema; the first one is the default.</summary>
    public PipelineState WithSchema(string name)
    {
        var json = DefaultSchemaName is null ? Json.With(DefaultSchemaNameName, JsonValue.String(name)) : Json;
        var names = SchemaNames.Append(name).Distinct().Order(StringComparer.Ordinal);
        return new(json.With(SchemaNamesName, JsonValue.Array([.. names.Select(JsonValue.String)])));
    }

    /// <summary>The row of <c>_dlt_pipeline_state</c>, typed values as typed texts; normalize adds <c>_dlt_id</c>.</summary>
    public JsonValue ToRow(string loadId, DateTimeOffset now) => JsonValue.Object(
        ("version", Json[VersionName]!),
        ("engine_version", Json[EngineVersionName]!),
        ("pipeline_name", Json[PipelineNameName]!),
        ("state", JsonValue.String(StateJson.Compress(Json))),
        ("created_at", TypedJson.Encode(DataValue.Timestamp(Timestamp.From(now)))),
        ("version_hash", Json[HashName]!),
        (SystemTables.LoadId, JsonValue.String(loadId)));

    private string? Text(string name) => Json[name] is { Kind: JsonKind.String } text ? text.AsString() : null;
}

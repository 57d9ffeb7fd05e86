using System.Collections.Immutable;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.State;

/// <summary>
/// The state of a pipeline that is kept between runs (dlt documentation, State; docs/spec/pipeline.md 10). Immutable. Keeps unknown
/// members, because other versions of dlt read the same file.
/// </summary>
/// <param name="Json">The stored form, a JSON object.</param>
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

    /// <summary>Number of the state's version; it increases with every change.</summary>
    public long Version => Json[VersionName]!.AsInt64();

    /// <summary>Hash of the content without its local part; null before the first call of <see cref="Bumped"/>.</summary>
    public string? VersionHash => Text(HashName);

    /// <summary>Dataset that the pipeline loads into; null when the state does not name one.</summary>
    public string? DatasetName => Text(DatasetNameName);

    /// <summary>Type of the destination, such as <c>dlt.destinations.athena</c>; null when the state does not name one.</summary>
    public string? DestinationType => Text(DestinationTypeName);

    /// <summary>Name of the destination; null when it is the last part of its type.</summary>
    public string? DestinationName => Text(DestinationNameName);

    /// <summary>Schema of the first source; null before the first extract.</summary>
    public string? DefaultSchemaName => Text(DefaultSchemaNameName);

    /// <summary>Names of the schemas of all sources, sorted.</summary>
    public ImmutableArray<string> SchemaNames =>
        Json[SchemaNamesName] is { Kind: JsonKind.Array } names ? [.. names.Items.Select(n => n.AsString())] : [];

    /// <summary>The part that stays on this machine.</summary>
    public LocalState Local => new(Json[LocalName] ?? JsonValue.EmptyObject);

    /// <summary>Creates the state of a pipeline that has never run.</summary>
    /// <param name="currentFolder">Working directory of the program.</param>
    /// <param name="pipelineName">Name of the pipeline.</param>
    /// <param name="isDevMode">True when every run starts with an empty state.</param>
    public static PipelineState New(string currentFolder, string pipelineName, bool isDevMode = false) => new(JsonValue.Object(
        (VersionName, JsonValue.Integer(0)),
        (EngineVersionName, JsonValue.Integer(StateJson.PipelineEngine)),
        (LocalName, LocalState.New(currentFolder, isDevMode).Json),
        (PipelineNameName, JsonValue.String(pipelineName))));

    /// <summary>Returns a copy that is migrated to the current engine version.</summary>
    /// <exception cref="DltException">The engine version is unknown.</exception>
    public PipelineState Migrated() => new(StateJson.Migrate(Json));

    /// <summary>Returns a copy with the present hash; the version increases if the previous hash was different.</summary>
    public PipelineState Bumped() => new(StateJson.Bump(Json));

    /// <summary>Returns a copy for a destination. Its name is stored unless it is the last part of its type, as in dlt.</summary>
    public PipelineState WithDestination(string dataset, string type, string name, string? stagingType) => new(WithDataset(dataset).Json
        .With(DestinationTypeName, JsonValue.String(type))
        .With(DestinationNameName, name == type[(type.LastIndexOf('.') + 1)..] ? JsonValue.Null : JsonValue.String(name))
        .With(StagingTypeName, JsonValue.String(stagingType))
        .With(StagingNameName, JsonValue.Null));

    /// <summary>Returns a copy for another dataset.</summary>
    public PipelineState WithDataset(string name) => new(Json.With(DatasetNameName, JsonValue.String(name)));

    /// <summary>Returns a copy with another local part.</summary>
    public PipelineState With(LocalState local) => new(Json.With(LocalName, local.Json));

    /// <summary>Returns a copy that has a list of schemas, which may be empty.</summary>
    public PipelineState WithSchemas() => Json[SchemaNamesName] is null ? new(Json.With(SchemaNamesName, JsonValue.EmptyArray)) : this;

    /// <summary>Returns a copy that lists a schema. The first one becomes the default schema.</summary>
    public PipelineState WithSchema(string name)
    {
        var json = DefaultSchemaName is null ? Json.With(DefaultSchemaNameName, JsonValue.String(name)) : Json;
        var names = SchemaNames.Append(name).Distinct().Order(StringComparer.Ordinal);
        return new(json.With(SchemaNamesName, JsonValue.Array([.. names.Select(JsonValue.String)])));
    }

    /// <summary>Returns the row of <c>_dlt_pipeline_state</c> with typed values as typed texts. Normalize adds <c>_dlt_id</c>.</summary>
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

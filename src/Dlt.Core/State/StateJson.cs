using Dlt.Hashing;
using Dlt.Json;

namespace Dlt.State;

/// <summary>
/// Hashes, versions, migrates and compresses the JSON of pipeline and package state (docs/spec/pipeline.md 10.3, 10.4). The compressed form
/// is stored in <c>_dlt_pipeline_state</c>.
/// </summary>
internal static class StateJson
{
    public const int PipelineEngine = 4;
    public const int PackageEngine = 1;

    private static readonly string[] NotHashed = ["_local", "_state_version", "_state_engine_version", "_version_hash"];

    /// <summary>Returns the SHA3-256 hash of the sorted typed JSON, without local parts and versions.</summary>
    public static string Hash(JsonValue state) => HashWithout(state, NotHashed);

    /// <summary>Returns the hash of a package's state, which excludes its metrics.</summary>
    public static string PackageHash(JsonValue state) => HashWithout(state, [.. NotHashed, "load_metrics"]);

    /// <summary>Returns the bytes that <see cref="Hash"/> hashes.</summary>
    public static byte[] HashedBytes(JsonValue state) => JsonText.WriteUtf8(Without(state, NotHashed), sortKeys: true);

    /// <summary>Sets hash and version; the version increases if the previous hash was different.</summary>
    public static JsonValue Bump(JsonValue state) => Bump(state, Hash(state));

    public static JsonValue BumpPackage(JsonValue state) => Bump(state, PackageHash(state));

    /// <summary>Returns the state without its local part, as base64 of zlib.</summary>
    public static string Compress(JsonValue state) => CompressedText.Encode(JsonText.WriteUtf8(state.Without("_local")));

    /// <summary>Parses the result of <see cref="Compress"/>, or plain JSON.</summary>
    /// <exception cref="DltException">The text has neither form.</exception>
    public static JsonValue Decompress(string stored) =>
        JsonParser.Parse(CompressedText.Decode(stored), "the state column of _dlt_pipeline_state");

    /// <summary>Migrates a state of engine version 1 to 3 to version 4.</summary>
    /// <exception cref="DltException">The engine version is unknown.</exception>
    public static JsonValue Migrate(JsonValue state)
    {
        var engine = state["_state_engine_version"] is { Kind: JsonKind.Integer } version ? version.AsInt64() : 0;
        if (engine is < 1 or > PipelineEngine)
        {
            throw new DltException(
                $"The state of pipeline '{state["pipeline_name"]?.AsString()}' has engine version {engine}; this version of dlt reads "
                + $"1 to {PipelineEngine}. Update dlt, or drop the pipeline's working folder.");
        }

        if (engine == 1) state = state.With("_local", state["_local"] ?? JsonValue.EmptyObject);
        if (engine <= 2) state = state.With("_version_hash", JsonValue.String(Hash(state)));
        if (engine <= 3)
        {
            state = Split(state, "destination");
            state = Split(state, "staging");
        }

        return state.With("_state_engine_version", JsonValue.Integer(PipelineEngine));
    }

    private static JsonValue Split(JsonValue state, string name)
    {
        if (state[name] is not { } reference) return state;
        return state.Without(name).With(name + "_type", reference).With(name + "_name", JsonValue.Null);
    }

    private static JsonValue Bump(JsonValue state, string hash)
    {
        var old = state["_version_hash"] is { Kind: JsonKind.String } stored ? stored.AsString() : null;
        if (old is not null && old != hash) state = state.With("_state_version", JsonValue.Integer(state["_state_version"]!.AsInt64() + 1));
        return state.With("_version_hash", JsonValue.String(hash));
    }

    private static string HashWithout(JsonValue state, string[] names) =>
        DltHash.Sha3(JsonText.WriteUtf8(Without(state, names), sortKeys: true));

    private static JsonValue Without(JsonValue state, string[] names) => JsonValue.Object(state.Members.Where(m => !names.Contains(m.Key)));
}

using Dlt.Types;

namespace Dlt.State;

/// <summary>The part of a pipeline's state that stays on this machine and is not hashed. Immutable; keeps unknown members.</summary>
/// <param name="Json">The stored form, a JSON object.</param>
internal sealed record LocalState(JsonValue Json)
{
    private const string FirstRunName = "first_run";
    private const string DevModeName = "_dev_mode";
    private const string ExtractedAtName = "_last_extracted_at";
    private const string ExtractedHashName = "_last_extracted_hash";

    /// <summary>True until a run has loaded a package; null when the state has no such member.</summary>
    public bool? IsFirstRun => Flag(FirstRunName);

    /// <summary>True when the last run used <c>dev_mode</c>.</summary>
    public bool IsDevMode => Flag(DevModeName) == true;

    /// <summary>Hash of the state that was last written into a package; null before the first one.</summary>
    public string? LastExtractedHash => Json[ExtractedHashName] is { Kind: JsonKind.String } hash ? hash.AsString() : null;

    /// <summary>Creates the local state of a pipeline that has never run.</summary>
    public static LocalState New(string currentFolder, bool isDevMode) => new(JsonValue.Object(
        (FirstRunName, JsonValue.Bool(true)),
        (DevModeName, JsonValue.Bool(isDevMode)),
        ("initial_cwd", JsonValue.String(currentFolder))));

    /// <summary>Returns a copy that records the end of the first run.</summary>
    public LocalState WithoutFirstRun() => new(Json.With(FirstRunName, JsonValue.Bool(false)));

    /// <summary>Returns a copy that records a state restored from the destination.</summary>
    /// <param name="hash">Hash of the restored state; null when it has none.</param>
    public LocalState WithRestored(string? hash) => new(WithoutFirstRun().Json.With(ExtractedHashName, JsonValue.String(hash)));

    /// <summary>Returns a copy that records a state written into a package.</summary>
    /// <param name="hash">Hash of the written state.</param>
    /// <param name="at">Time of the write.</param>
    public LocalState WithExtracted(string hash, DateTimeOffset at) => new(Json
        .With(ExtractedAtName, TypedJson.Encode(DataValue.Timestamp(Timestamp.From(at))))
        .With(ExtractedHashName, JsonValue.String(hash)));

    /// <summary>Returns a copy after which the state is written into the next package, also when it is unchanged.</summary>
    public LocalState WithoutExtracted() => new(Json.Without(ExtractedHashName));

    private bool? Flag(string name) => Json[name]?.Kind switch { JsonKind.True => true, JsonKind.False => false, _ => null };
}

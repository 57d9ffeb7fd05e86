using Dlt.Internal;
using Dlt.Schemas;
using Dlt.State;
using Dlt.Types;

namespace Dlt.Packages;

/// <summary>A load package: a folder that moves between the stages by rename (docs/spec/pipeline.md 2).</summary>
/// <remarks>
/// Nobody reads a package while it is being made, so its files are flushed to disk together when it moves to its stage. After that, each
/// write is flushed separately.
/// </remarks>
internal sealed class LoadPackage(string folder)
{
    private const string CommitWithKey = "commit_with";

    private bool _isBeingMade;

    public string Folder { get; private set; } = folder;

    public string LoadId => Path.GetFileName(Folder);

    public static LoadPackage Create(string folder, string loadId)
    {
        var package = new LoadPackage(Path.Combine(folder, loadId)) { _isBeingMade = true };
        string[] parts =
        [
            PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs, PackageFolders.FailedJobs,
            PackageFolders.PendingTransitions, PackageFolders.Exceptions,
        ];
        foreach (var part in parts) Directory.CreateDirectory(Path.Combine(package.Folder, part));
        return package;
    }

    /// <summary>
    /// Makes a package that becomes visible with the same rename as this one, and whose load is committed at the same moment.
    /// </summary>
    public LoadPackage CreateCompanion(string loadId)
    {
        SaveState(LoadState().With(CommitWithKey, JsonValue.Array([JsonValue.String(loadId)])));
        return Create(PathOf(PackageFolders.Companions), loadId);
    }

    /// <summary>Load ids of the packages that are committed together with this one.</summary>
    public IReadOnlyList<string> CommitWith =>
        LoadState()[CommitWithKey] is { Kind: JsonKind.Array } ids ? [.. ids.Items.Select(i => i.AsString())] : [];

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Returns the job files in one of the job folders, ordered by name.</summary>
    public IReadOnlyList<string> Jobs(string folder)
    {
        var path = PathOf(folder);
        if (!Directory.Exists(path)) return [];
        return [.. Directory.GetFiles(path).Where(f => !f.EndsWith(".exception", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Moves the package, with one rename, to a stage of the working folder. Its content is flushed before and the rename is flushed when
    /// the call returns, so later steps can rely on it.
    /// </summary>
    public void MoveTo(string place)
    {
        var target = Path.Combine(place, LoadId);
        DurableFolder.Move(Folder, target);
        Folder = target;
        _isBeingMade = false;
    }

    /// <summary>Writes a file of the package; atomically, once the package has moved to its stage.</summary>
    public void Write(string path, ReadOnlySpan<byte> content)
    {
        if (_isBeingMade) File.WriteAllBytes(path, content);
        else AtomicFile.Write(path, content);
    }

    /// <summary>Reads a file of the package.</summary>
    /// <exception cref="DltException">The file is torn.</exception>
    public JsonValue ReadJson(string path) => AtomicFile.ReadJson(path, $"The package {LoadId} cannot be loaded; when it is given up, "
        + "the next run extracts its rows again.");

    public void SaveSchema(Schema schema) => Write(PathOf(PackageFolders.SchemaFile), JsonText.WriteUtf8(SchemaJson.ToJson(schema)));

    public Schema LoadSchema(int? maxIdentifierLength) =>
        SchemaJson.FromJson(ReadJson(PathOf(PackageFolders.SchemaFile)), maxIdentifierLength);

    public void SaveState(JsonValue state) => Write(PathOf(PackageFolders.State), JsonText.WriteUtf8(StateJson.BumpPackage(state)));

    public JsonValue LoadState() => File.Exists(PathOf(PackageFolders.State))
        ? ReadJson(PathOf(PackageFolders.State))
        : NewState(LoadId);

    /// <summary>
    /// State of the pipeline after the package. A run saves it after the package has moved; when a run ends between the two, the next one
    /// saves it.
    /// </summary>
    public PipelineState? NewPipelineState
    {
        get => File.Exists(PathOf(PackageFolders.NewPipelineState)) ? new(ReadJson(PathOf(PackageFolders.NewPipelineState))) : null;
        set => Write(PathOf(PackageFolders.NewPipelineState), JsonText.WriteUtf8(value!.Json));
    }

    /// <summary>Returns the state of a new package. Its time is that of the load id.</summary>
    public static JsonValue NewState(string loadId) => JsonValue.Object(
        ("_state_version", JsonValue.Integer(0)),
        ("_state_engine_version", JsonValue.Integer(StateJson.PackageEngine)),
        ("created_at", TypedJson.Encode(DataValue.Timestamp(Timestamp.From(Packages.LoadId.ToTime(loadId))))));

    public bool IsCompleted => File.Exists(PathOf(PackageFolders.Completed));
}

using Dlt.State;

namespace Dlt.Packages;

/// <summary>
/// Stores how a package changes the state of its pipeline: from which committed state, and whether it moves what sources keep (cursors,
/// counters). A package that waited while another machine loaded must not move a state that is no longer the committed one. Only .NET
/// writes it.
/// </summary>
/// <param name="Base">Version hash of the committed state that the package follows; null when none was committed.</param>
/// <param name="Next">Version hash of the state that the package commits; null when it commits none.</param>
/// <param name="MovesSources">True when the state of sources differs between the two.</param>
internal sealed record StateMove(string? Base, string? Next, bool MovesSources)
{
    private const string File = ".state_move.json";

    /// <summary>Members that describe where and how a pipeline loads. Runs on two machines make the same changes to them.</summary>
    private static readonly string[] NotOfSources =
    [
        "pipeline_name", "dataset_name", "destination_type", "destination_name", "staging_type", "staging_name", "default_schema_name",
        "schema_names",
    ];

    /// <summary>Returns the move between two states of a pipeline.</summary>
    /// <param name="committed">Version hash of the committed state; null when none was committed.</param>
    /// <param name="before">The state that the extraction began with.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="isCommitted">True when the package has a row of the state after it.</param>
    public static StateMove Of(string? committed, PipelineState before, PipelineState after, bool isCommitted) =>
        new(committed, isCommitted ? after.VersionHash : null, HashOfSources(before) != HashOfSources(after));

    public void Write(LoadPackage package) => package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.Object(
        ("base", JsonValue.String(Base)), ("next", JsonValue.String(Next)), ("moves_sources", JsonValue.Bool(MovesSources)))));

    /// <summary>Reads the move of a package; null when none was stored.</summary>
    public static StateMove? Read(LoadPackage package)
    {
        if (!System.IO.File.Exists(package.PathOf(File))) return null;
        var json = package.ReadJson(package.PathOf(File));
        return new(Text(json["base"]), Text(json["next"]), json["moves_sources"]!.AsBool());
    }

    /// <summary>Copies the move of a package to the one that is made from it.</summary>
    public static void Copy(LoadPackage from, LoadPackage to) => Read(from)?.Write(to);

    /// <summary>Removes the move, for a package that no longer changes the state.</summary>
    public static void Remove(LoadPackage package) => System.IO.File.Delete(package.PathOf(File));

    private static string HashOfSources(PipelineState state) =>
        StateJson.Hash(JsonValue.Object(state.Json.Members.Where(m => !NotOfSources.Contains(m.Key))));

    private static string? Text(JsonValue? value) => value is { Kind: JsonKind.String } ? value.AsString() : null;
}

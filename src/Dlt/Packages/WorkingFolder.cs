using System.Text;
using Dlt.Hashing;
using Dlt.Internal;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Packages;

/// <summary>The working folder of a pipeline: state, schemas and packages (docs/spec/pipeline.md 2.1).</summary>
internal sealed class WorkingFolder(string path)
{
    private const string NormalizeVersion = "1.0.1";
    private const string LoadVersion = "1.0.2";

    public string Path { get; } = path;

    public string StateFile => In("state.json");

    public string Extracted => In("normalize", "extracted");

    public string LoadNew => In("load", "new");

    public string Normalized => In("load", "normalized");

    public string Loaded => In("load", "loaded");

    private string SchemasFolder => In("schemas");

    /// <summary>
    /// Returns the id of the folder, a random text that is stored in it. It distinguishes the folder from one with the same path on a
    /// machine of the same name. The caller holds the lock of the folder.
    /// </summary>
    public string ReadOrCreateId()
    {
        var file = In(".folder_id");
        if (File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } known) return known;
        var id = Guid.NewGuid().ToString("N");
        AtomicFile.Write(file, Encoding.ASCII.GetBytes(id));
        return id;
    }

    public bool HasState => File.Exists(StateFile);

    /// <summary>Creates the folders of the steps.</summary>
    public void Prepare()
    {
        foreach (var folder in new[] { SchemasFolder, Extracted, LoadNew, Normalized, Loaded }) DurableFolder.Create(folder);
        WriteVersion(In("normalize", ".version"), NormalizeVersion);
        WriteVersion(In("load", ".version"), LoadVersion);
    }

    /// <summary>Deletes state, schemas and packages. The lock stays.</summary>
    public void Wipe()
    {
        foreach (var folder in new[] { SchemasFolder, In("normalize"), In("load") })
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        File.Delete(StateFile);
        DurableFolder.Flush(Path);
    }

    public PipelineState? LoadState() => HasState ? new(AtomicFile.ReadJson(StateFile, Remedy)) : null;

    public void SaveState(PipelineState state) => AtomicFile.Write(StateFile, JsonText.WriteUtf8(state.Json));

    public IReadOnlyList<string> SchemaNames()
    {
        const string ending = ".schema.json";
        if (!Directory.Exists(SchemasFolder)) return [];
        var files = Directory.GetFiles(SchemasFolder, "*" + ending);
        return [.. files.Select(f => System.IO.Path.GetFileName(f)[..^ending.Length]).Order(StringComparer.Ordinal)];
    }

    public Schema? LoadSchema(string name, int? maxIdentifierLength)
    {
        var file = SchemaFile(name);
        if (!File.Exists(file)) return null;
        var json = AtomicFile.ReadJson(file, Remedy);
        var schema = SchemaJson.FromJson(json, maxIdentifierLength, verifyHash: true);
        // The migration of an older engine is a version of its own, as in dlt.
        if (json["engine_version"]?.AsInt64() != Schema.EngineVersion) SchemaJson.Bump(schema);
        return schema;
    }

    public void SaveSchema(Schema schema) =>
        AtomicFile.Write(SchemaFile(schema.Name), JsonText.WriteUtf8(SchemaJson.ToJson(schema), pretty: true));

    public void DeleteSchemas()
    {
        if (!Directory.Exists(SchemasFolder)) return;
        foreach (var file in Directory.GetFiles(SchemasFolder)) File.Delete(file);
        DurableFolder.Flush(SchemasFolder);
    }

    /// <summary>Returns the packages in a folder, ordered by load id.</summary>
    public static IReadOnlyList<LoadPackage> Packages(string place) => !Directory.Exists(place)
        ? []
        : [.. Directory.GetDirectories(place).Order(StringComparer.Ordinal).Select(f => new LoadPackage(f))];

    public bool HasPending => Packages(Extracted).Count > 0 || Packages(Normalized).Count > 0;

    /// <summary>Packages that are not loaded yet, ordered by load id.</summary>
    public List<LoadPackage> Pending =>
        [.. Packages(Extracted).Concat(Packages(Normalized)).OrderBy(p => p.LoadId, StringComparer.Ordinal)];

    /// <summary>The command that gives up the pending packages, for messages.</summary>
    public AbortCommand Abort { get; init; } = new(System.IO.Path.GetFileName(path));

    /// <summary>Creates a new folder for one extract run.</summary>
    public string NewExtractFolder()
    {
        var folder = In("normalize", DltHash.NewTempName());
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Removes the folders of extract runs that were killed. The caller holds the lock of the folder.</summary>
    public void DeleteAbandonedExtracts()
    {
        foreach (var folder in Directory.GetDirectories(In("normalize")))
            if (System.IO.Path.GetFileName(folder) is { Length: 16 } name && name.All(char.IsAsciiHexDigitLower))
                Directory.Delete(folder, recursive: true);
    }

    /// <summary>
    /// Removes a package. It is renamed first: a process that is killed during the deletion leaves no partial package, only a folder that
    /// the next run deletes with those of unfinished extracts.
    /// </summary>
    public void Remove(LoadPackage package)
    {
        var doomed = In("normalize", DltHash.NewTempName());
        DurableFolder.Rename(package.Folder, doomed);
        Directory.Delete(doomed, recursive: true);
    }

    /// <summary>Removes extracted packages that are already normalised: the process ended before it removed them.</summary>
    public void RemoveNormalized()
    {
        foreach (var package in Packages(Extracted))
        {
            if (Directory.Exists(System.IO.Path.Combine(Normalized, package.LoadId))
                || Directory.Exists(System.IO.Path.Combine(Loaded, package.LoadId)))
                Remove(package);
        }
    }

    /// <summary>
    /// Moves companion packages out of the package that they were moved with. One rename makes all of them visible, so a run that ends here
    /// loses none.
    /// </summary>
    public void UnpackCompanions()
    {
        foreach (var companions in Packages(Extracted).Select(p => p.PathOf(PackageFolders.Companions)).Where(Directory.Exists))
        {
            foreach (var package in Packages(companions))
                DurableFolder.Rename(package.Folder, System.IO.Path.Combine(Extracted, package.LoadId));
            DurableFolder.Delete(companions);
        }
    }

    /// <summary>Copies the current state and schemas into the package, so an abort can restore them.</summary>
    public void CopyForRestore(LoadPackage package) => CopyStateTo(package.PathOf(PackageFolders.Restore));

    /// <summary>Copies the current state and schemas into another folder, where they have the same names.</summary>
    public void CopyStateTo(string target)
    {
        Directory.CreateDirectory(target);
        if (HasState) File.Copy(StateFile, System.IO.Path.Combine(target, "state.json"), overwrite: true);
        var names = SchemaNames();
        if (names.Count == 0) return;
        Directory.CreateDirectory(System.IO.Path.Combine(target, "schemas"));
        foreach (var name in names)
            File.Copy(SchemaFile(name), System.IO.Path.Combine(target, "schemas", name + ".schema.json"), overwrite: true);
    }

    /// <summary>Returns a schema as it was before a package was extracted; null when it did not exist.</summary>
    public static Schema? SchemaBefore(LoadPackage package, string name, int? maxIdentifierLength)
    {
        var file = package.PathOf(PackageFolders.Restore, "schemas", name + ".schema.json");
        return File.Exists(file) ? SchemaJson.FromJson(package.ReadJson(file), maxIdentifierLength) : null;
    }

    /// <summary>
    /// The pending packages that are given up together: one with those that are loaded with it, and all later ones, because their state
    /// follows from it.
    /// </summary>
    /// <param name="from">Load id of the package; null for all.</param>
    /// <exception cref="DltException">The package does not wait to be loaded. Nothing was changed.</exception>
    public List<LoadPackage> PendingFrom(string? from)
    {
        var pending = Pending;
        if (from is null) return pending;
        var first = pending.FindIndex(p => p.LoadId == from || p.CommitWith.Contains(from));
        return first >= 0 ? pending[first..] : throw new DltException($"Package {from} does not wait to be loaded in {Path}. Nothing was "
            + $"changed. These wait: {(pending.Count == 0 ? "none" : string.Join(", ", pending.Select(p => p.LoadId)))}.");
    }

    /// <summary>
    /// Gives up pending packages: state and schemas are restored to those before the oldest of them, then the packages are removed, newest
    /// first.
    /// </summary>
    /// <param name="from">The oldest one to give up; null for all.</param>
    /// <returns>Load ids of the packages, oldest first.</returns>
    public IReadOnlyList<string> DropPending(string? from = null)
    {
        var pending = PendingFrom(from);
        if (pending.Count == 0) return [];
        Restore(pending[0].PathOf(PackageFolders.Restore));
        foreach (var package in Enumerable.Reverse(pending)) Remove(package);
        return [.. pending.Select(p => p.LoadId)];
    }

    private void Restore(string from)
    {
        var state = System.IO.Path.Combine(from, "state.json");
        if (File.Exists(state)) AtomicFile.Write(StateFile, File.ReadAllBytes(state));
        else File.Delete(StateFile);
        DeleteSchemas();
        var schemas = System.IO.Path.Combine(from, "schemas");
        if (!Directory.Exists(schemas)) return;
        Directory.CreateDirectory(SchemasFolder);
        foreach (var file in Directory.GetFiles(schemas))
            AtomicFile.Write(System.IO.Path.Combine(SchemasFolder, System.IO.Path.GetFileName(file)), File.ReadAllBytes(file));
    }

    private static void WriteVersion(string file, string version)
    {
        if (!File.Exists(file) || File.ReadAllText(file) != version) File.WriteAllText(file, version);
    }

    /// <summary>Returns the file of a schema. The name is checked, since it may come from a state that a destination sent.</summary>
    private string SchemaFile(string name)
    {
        FileNameComponent.Check(name, "schema name");
        return System.IO.Path.Combine(SchemasFolder, name + ".schema.json");
    }

    /// <summary>
    /// What to do when state or schemas are torn: pending packages hold the earlier ones; otherwise the destination has them.
    /// </summary>
    private string Remedy => HasPending
        ? $"Give up the pending packages, which restores the state and schemas from before them, then run again. The command: {Abort}"
        : $"Replace state and schemas by those of the destination with: {Abort.Sync} Or delete the folder {Path} and run again; "
            + "neither helps when restore_from_destination is off, because nothing is stored at the destination then.";

    private string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);
}

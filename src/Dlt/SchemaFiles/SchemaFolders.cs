using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.SchemaFiles;

/// <summary>The stored schemas of a pipeline, and the folders where people read and edit them (docs/spec/pipeline.md 4.8).</summary>
/// <param name="folder">Working folder that holds the stored schemas.</param>
/// <param name="import">Folder of schema files that people edit; null for none.</param>
/// <param name="export">Folder of schema files that people read; null for none.</param>
/// <param name="warn">Receives warnings.</param>
internal sealed class SchemaFolders(WorkingFolder folder, string? import, string? export, Action<string> warn)
{
    private const string Ending = ".schema.yaml";
    private const string JsonEnding = ".schema.json";

    /// <summary>True: the folder of imports is only read, and nothing is exported.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Loads the stored schema, or the import file if it was edited since the last import.</summary>
    /// <exception cref="DltException">The import file is not a schema.</exception>
    public Schema? Load(string name, int? maxIdentifierLength)
    {
        var stored = folder.LoadSchema(name, maxIdentifierLength);
        if (import is null || ImportFile(name) is not { } path) return stored;
        var imported = ReadImport(path, name, maxIdentifierLength);
        if (stored?.ImportedVersionHash == imported.VersionHash) return stored;

        imported.ImportedVersionHash = imported.VersionHash;
        if (stored is not null)
        {
            imported.Version = Math.Max(imported.Version, stored.Version);
            string[] hashes = [stored.VersionHash!, .. stored.PreviousHashes, .. imported.PreviousHashes];
            imported.PreviousHashes = [.. hashes.Where(h => h != imported.VersionHash).Distinct().Take(10)];
            if (stored.DataTables.Where(t => t.HasSeenData).Select(t => t.Name).ToList() is { Count: > 0 } loaded)
                warn($"Schema '{name}' was taken from {path}, which was edited. Tables that have data: {string.Join(", ", loaded)}. "
                    + "Types of columns that exist are not changed in the destination.");
        }

        folder.SaveSchema(imported);
        Export(imported);
        return imported;
    }

    /// <summary>
    /// Saves a schema at the end of the extract. The first schema is written as the import file; a later one records the hash of the import
    /// file.
    /// </summary>
    public void SaveExtracted(Schema schema)
    {
        if (import is not null)
        {
            if (ImportFile(schema.Name) is { } path)
            {
                schema.ImportedVersionHash = ReadImport(path, schema.Name, schema.Naming.MaxLength).VersionHash;
            }
            else if (!IsReadOnly)
            {
                var declared = SchemaExport.WithoutProcessingHints(SchemaJson.ToJson(schema));
                Write(Path.Combine(import, schema.Name + Ending), declared);
                schema.ImportedVersionHash = declared["version_hash"]!.AsString();
            }
        }

        folder.SaveSchema(schema);
    }

    /// <summary>Saves a schema that was normalised or restored.</summary>
    public void Save(Schema schema)
    {
        folder.SaveSchema(schema);
        Export(schema);
    }

    private void Export(Schema schema)
    {
        if (export is null || IsReadOnly) return;
        var stored = SchemaJson.ToJson(schema).Without("imported_version_hash");
        Write(Path.Combine(export, schema.Name + Ending), export == import ? SchemaExport.WithoutProcessingHints(stored) : stored);
    }

    private string? ImportFile(string name) =>
        new[] { Ending, JsonEnding }.Select(ending => Path.Combine(import!, name + ending)).FirstOrDefault(File.Exists);

    private static Schema ReadImport(string path, string name, int? maxIdentifierLength)
    {
        var text = File.ReadAllText(path);
        var json = path.EndsWith(JsonEnding, StringComparison.Ordinal) ? JsonParser.Parse(text, path) : SchemaYaml.Read(text, path);
        if (json.Kind != JsonKind.Object || json["name"] is not { Kind: JsonKind.String } own || own.AsString() != name)
            throw new SchemaException($"{path} holds no schema named '{name}'. Nothing was loaded. Correct the file, or delete it.");
        try
        {
            var schema = SchemaJson.FromJson(SchemaExport.WithNames(json), maxIdentifierLength);
            SchemaJson.Bump(schema);
            return schema;
        }
        catch (SchemaException error)
        {
            throw new SchemaException($"{path}: {error.Message}", error) { Table = error.Table, Column = error.Column };
        }
    }

    private static void Write(string path, JsonValue stored)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(SchemaYaml.Write(SchemaExport.WithoutNames(stored))));
    }
}

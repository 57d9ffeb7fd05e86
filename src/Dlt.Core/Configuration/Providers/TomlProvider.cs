namespace Dlt.Configuration;

/// <summary>
/// Provides the values of TOML files, merged into one document; earlier files take precedence key by key (docs/spec/pipeline.md 11.4).
/// </summary>
internal sealed class TomlProvider : IConfigurationProvider
{
    /// <summary>Name of the provider whose files may contain secrets.</summary>
    public const string Secrets = "secrets.toml";

    private readonly List<(string Path, JsonValue Document)> _documents = [];

    /// <exception cref="ConfigurationException">A file is not valid TOML.</exception>
    public TomlProvider(string name, bool supportsSecrets, IReadOnlyList<string> files)
    {
        Name = name;
        SupportsSecrets = supportsSecrets;
        ProbedFiles = files;
        foreach (var file in files)
            if (File.Exists(file)) _documents.Add((file, TomlFile.Read(file)));
        var merged = JsonValue.EmptyObject;
        foreach (var (_, document) in Enumerable.Reverse(_documents)) merged = Merge(merged, document);
        Document = merged;
    }

    public string Name { get; }

    public bool SupportsSecrets { get; }

    public bool IsEmpty => Document.Members.Count == 0;

    /// <summary>All files that were searched for.</summary>
    public IReadOnlyList<string> ProbedFiles { get; }

    /// <summary>The files that exist.</summary>
    public IEnumerable<string> LoadedFiles => _documents.Select(d => d.Path);

    /// <summary>The merged content of the files.</summary>
    public JsonValue Document { get; }

    public string KeyOf(string field, IReadOnlyList<string> sections) => string.Join('.', sections.Where(s => s.Length > 0).Append(field));

    public JsonValue? Find(string field, IReadOnlyList<string> sections, bool isSecret) => Find(Document, field, sections);

    public string? LocationOf(string field, IReadOnlyList<string> sections) =>
        _documents.Find(d => Find(d.Document, field, sections) is not null).Path;

    private static JsonValue? Find(JsonValue document, string field, IReadOnlyList<string> sections)
    {
        var node = document;
        foreach (var section in sections)
        {
            if (section.Length == 0) continue;
            if (node.Kind != JsonKind.Object || node[section] is not { } next) return null;
            node = next;
        }

        return node.Kind == JsonKind.Object ? node[field] : null;
    }

    private static JsonValue Merge(JsonValue below, JsonValue above)
    {
        if (below.Kind != JsonKind.Object || above.Kind != JsonKind.Object) return above;
        return JsonValue.Object(below.Members.Concat(above.Members.Select(m =>
            KeyValuePair.Create(m.Key, below[m.Key] is { } old ? Merge(old, m.Value) : m.Value))));
    }
}

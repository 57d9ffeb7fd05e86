namespace Dlt.Documents;

/// <summary>Reads a description from YAML or JSON.</summary>
internal static class DocumentText
{
    /// <summary>Reads a file: JSON when its name ends with <c>.json</c>, YAML otherwise.</summary>
    /// <exception cref="ConfigurationException">The file cannot be read.</exception>
    public static DocumentNode FromFile(string path)
    {
        try
        {
            var text = File.ReadAllText(path);
            return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? FromJson(text, path) : FromYaml(text, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {error.Message} Nothing was requested.", error) { File = path };
        }
    }

    /// <exception cref="ConfigurationException">The text is not JSON.</exception>
    public static DocumentNode FromJson(string text, string? file = null)
    {
        try
        {
            return Checked(new(JsonValue.Parse(text.TrimStart('\uFEFF'), file), "", new(file, text)));
        }
        catch (JsonFormatException error)
        {
            throw new ConfigurationException($"{error.Message} Nothing was requested. Correct the JSON.", error) { File = file };
        }
    }

    /// <exception cref="ConfigurationException">The text is not YAML.</exception>
    public static DocumentNode FromYaml(string text, string? file = null)
    {
        var origin = new DocumentOrigin(file, text);
        return Checked(new(YamlValues.Read(text, origin), "", origin));
    }

    /// <summary>Finds what only Python can say.</summary>
    private static DocumentNode Checked(DocumentNode node)
    {
        if (node.IsText && PythonOnly.Of(node.Text()) is { } what) throw node.Error(what);
        if (node.IsObject)
            foreach (var (_, member) in node.Members()) Checked(member);
        if (node.Value.Kind == JsonKind.Array)
            foreach (var item in node.Items()) Checked(item);
        return node;
    }
}

namespace Dlt.Configuration;

/// <summary>
/// Reads environment variables: sections and key in upper case, joined by two underscores. Also reads secrets from mounted files.
/// </summary>
internal sealed class EnvironmentProvider(Func<string, string?> read, string secretsFolder = "/run/secrets") : IConfigurationProvider
{
    public const string ProviderName = "Environment Variables";

    public string Name => ProviderName;

    public bool SupportsSecrets => true;

    public bool IsEmpty => false;

    public string KeyOf(string field, IReadOnlyList<string> sections) =>
        string.Join("__", sections.Where(s => s.Length > 0).Append(field)).ToUpperInvariant();

    public JsonValue? Find(string field, IReadOnlyList<string> sections, bool isSecret)
    {
        var key = KeyOf(field, sections);
        if (isSecret && MountedSecret(key) is { } secret) return JsonValue.String(secret);
        return read(key) is { } value ? JsonValue.String(value) : null;
    }

    public string? LocationOf(string field, IReadOnlyList<string> sections) => KeyOf(field, sections);

    private string? MountedSecret(string key)
    {
        var name = key.ToLowerInvariant().Replace('_', '-');
        var path = Path.Combine(secretsFolder, name);
        if (Directory.Exists(path)) path = Path.Combine(path, name);
        return File.Exists(path) ? File.ReadAllText(path).TrimEnd('\n', '\r') : null;
    }
}

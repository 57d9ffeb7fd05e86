namespace Dlt;

/// <summary>Provides values of the configuration from one source, such as a file (dlt documentation, Configuration).</summary>
public interface IConfigurationProvider
{
    /// <summary>Name of the provider in messages.</summary>
    string Name { get; }

    /// <summary>True when the provider may contain secrets. If false, a secret found here is an error.</summary>
    bool SupportsSecrets { get; }

    /// <summary>True when the provider has no values; it is then skipped.</summary>
    bool IsEmpty { get; }

    /// <summary>Returns the full key of a field in the provider's notation.</summary>
    string KeyOf(string field, IReadOnlyList<string> sections);

    /// <summary>Returns the raw value of a field; null when it is not set.</summary>
    JsonValue? Find(string field, IReadOnlyList<string> sections, bool isSecret);

    /// <summary>Returns the place of a field's value for messages, such as a file; null when unknown.</summary>
    string? LocationOf(string field, IReadOnlyList<string> sections);
}

using Dlt.Configuration;
using Dlt.Json;

namespace Dlt;

/// <summary>A place where values of the configuration come from (dlt documentation, Configuration).</summary>
public interface IConfigurationProvider
{
    /// <summary>As messages name it.</summary>
    string Name { get; }

    /// <summary>False: a secret found here is an error.</summary>
    bool SupportsSecrets { get; }

    /// <summary>True when there is nothing to find; such a provider is not asked.</summary>
    bool IsEmpty { get; }

    /// <summary>The full key of a field as the provider writes it.</summary>
    string KeyOf(string field, IReadOnlyList<string> sections);

    /// <summary>The raw value; null when the key is not there.</summary>
    JsonValue? Find(string field, IReadOnlyList<string> sections, bool isSecret);

    /// <summary>Where the value of a key stands, such as a file; for messages.</summary>
    string? LocationOf(string field, IReadOnlyList<string> sections);
}

using Dlt.Configuration;

namespace Dlt;

/// <summary>A configuration that cannot be used: a malformed file, a missing field, a value of the wrong type, a placeholder.</summary>
public sealed class ConfigurationException : DltException
{
    /// <inheritdoc/>
    public ConfigurationException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The file concerned, if one is.</summary>
    public string? File { get; init; }

    /// <summary>1-based line in the file.</summary>
    public int? Line { get; init; }

    /// <summary>1-based column in the file.</summary>
    public int? Column { get; init; }

    /// <summary>Names of the fields concerned.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}

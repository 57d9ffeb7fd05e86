namespace Dlt;

/// <summary>
/// Thrown when the configuration cannot be used: a malformed file, a missing setting, a value of the wrong type, or a placeholder.
/// </summary>
public sealed class ConfigurationException : DltException
{
    /// <inheritdoc/>
    public ConfigurationException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The file that contains the error; null when no file does.</summary>
    public string? File { get; init; }

    /// <summary>Line of the error in the file, 1 for the first.</summary>
    public int? Line { get; init; }

    /// <summary>Column of the error in the file, 1 for the first.</summary>
    public int? Column { get; init; }

    /// <summary>Names of the settings that cause the error.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];
}

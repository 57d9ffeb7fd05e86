using Dlt.Schemas;

namespace Dlt;

/// <summary>A schema that cannot be read, merged or loaded.</summary>
public class SchemaException : DltException
{
    /// <inheritdoc/>
    public SchemaException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The table concerned, if one is.</summary>
    public string? Table { get; init; }

    /// <summary>The column concerned, if one is.</summary>
    public string? Column { get; init; }
}

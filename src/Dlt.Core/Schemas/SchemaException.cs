namespace Dlt;

/// <summary>Thrown when a schema cannot be read, merged or loaded.</summary>
public class SchemaException : DltException
{
    /// <inheritdoc/>
    public SchemaException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>Name of the table with the problem; null when no table is affected.</summary>
    public string? Table { get; init; }

    /// <summary>Name of the column with the problem; null when no column is affected.</summary>
    public string? Column { get; init; }
}

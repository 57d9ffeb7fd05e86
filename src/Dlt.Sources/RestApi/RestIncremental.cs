namespace Dlt;

/// <summary>
/// Incremental loading of a REST resource: its cursor, and where its values go into requests. As the value of a parameter, that parameter
/// gets the start.
/// </summary>
/// <param name="Cursor">The cursor with its initial value, end value, lag and order.</param>
public sealed record RestIncremental(Incremental Cursor) : RestParam
{
    /// <summary>Parameter that gets the start of the run; null for none.</summary>
    public string? StartParam { get; init; }

    /// <summary>Parameter that gets the end value of the cursor; null for none.</summary>
    public string? EndParam { get; init; }

    /// <summary>Converts the values that are put into requests; null to send them unchanged.</summary>
    public Func<JsonValue, JsonValue>? Convert { get; init; }
}

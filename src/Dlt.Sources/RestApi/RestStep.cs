namespace Dlt;

/// <summary>A step of processing between an answer and the table.</summary>
public abstract record RestStep
{
    private protected RestStep()
    {
    }

    /// <summary>Keeps the records for which the function returns true.</summary>
    /// <param name="Keep">Tells whether a record is kept.</param>
    public sealed record Filter(Func<JsonValue, bool> Keep) : RestStep;

    /// <summary>Replaces every record.</summary>
    /// <param name="Change">Returns the new record.</param>
    public sealed record Map(Func<JsonValue, JsonValue> Change) : RestStep;

    /// <summary>Replaces every record by any number of records.</summary>
    /// <param name="Change">Returns the new records.</param>
    public sealed record YieldMap(Func<JsonValue, IEnumerable<JsonValue>> Change) : RestStep;
}

namespace Dlt;

/// <summary>
/// Value of a parameter: a plain value (a text, number, boolean or <see cref="JsonValue"/> converts to it), the start of an incremental
/// run (<see cref="RestIncremental"/>), or a field of the parent's record (<see cref="Resolve"/>).
/// </summary>
public abstract record RestParam
{
    private protected RestParam()
    {
    }

    /// <summary>
    /// A plain value. Texts may have the placeholders <c>{resources.&lt;parent&gt;.&lt;path&gt;}</c> and <c>{incremental.start_value}</c>.
    /// </summary>
    /// <param name="Json">The value. A list repeats the parameter; null leaves it out.</param>
    public sealed record Value(JsonValue Json) : RestParam;

    /// <summary>Field of the parent's record, bound by a placeholder <c>{name}</c> in the path.</summary>
    /// <param name="Resource">Name of the parent resource.</param>
    /// <param name="Field">Name of a field, or a JSONPath within the parent's record.</param>
    public sealed record Resolve(string Resource, string Field) : RestParam;

    /// <summary>Converts a text.</summary>
    public static implicit operator RestParam(string value) => FromJson(JsonValue.String(value));

    /// <summary>Converts an integer.</summary>
    public static implicit operator RestParam(long value) => FromJson(JsonValue.Integer(value));

    /// <summary>Converts a number.</summary>
    public static implicit operator RestParam(double value) => FromJson(JsonValue.Real(value));

    /// <summary>Converts a boolean, sent as <c>true</c> or <c>false</c>.</summary>
    public static implicit operator RestParam(bool value) => FromJson(JsonValue.Bool(value));

    /// <summary>Converts a JSON value.</summary>
    public static implicit operator RestParam(JsonValue value) => FromJson(value);

    /// <summary>Converts a JSON value.</summary>
    public static RestParam FromJson(JsonValue value) => new Value(value);
}

using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>What a placeholder stands for.</summary>
internal abstract record RestPlaceholder
{
    private RestPlaceholder()
    {
    }

    /// <summary>The placeholder as written, without braces.</summary>
    public required string Text { get; init; }

    /// <summary>How the value becomes a text; null for the usual way.</summary>
    public RestFormat? Format { get; init; }

    /// <summary>A value that is known before the run: a parameter that is bound in the path.</summary>
    public sealed record Bound(JsonValue Value) : RestPlaceholder;

    /// <summary>A field of the parent's record.</summary>
    /// <param name="Resource">Name of the parent.</param>
    /// <param name="Field">Path within the record. A record that is a scalar has the field <c>value</c>.</param>
    public sealed record ParentField(string Resource, CursorPath Field) : RestPlaceholder;

    /// <summary>A value of the cursor.</summary>
    /// <param name="Value">Which one.</param>
    public sealed record Cursor(RestCursorValue Value) : RestPlaceholder;
}

/// <summary>Values of a cursor that requests may have.</summary>
internal enum RestCursorValue
{
    /// <summary>Start of the run, with the lag. It does not move within a run.</summary>
    StartValue,
    /// <summary>Lower bound of the first run.</summary>
    InitialValue,
    /// <summary>Start of the run, with the lag.</summary>
    LastValue,
    /// <summary>Upper bound of the run.</summary>
    EndValue,
}

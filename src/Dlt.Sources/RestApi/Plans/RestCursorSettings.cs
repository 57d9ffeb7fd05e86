namespace Dlt.Sources.Rest;

/// <summary>
/// Completes the cursor of a resource by the settings of a run, for backfills: <c>sources.&lt;source&gt;.&lt;resource&gt;.incremental</c>
/// with <c>initial_value</c>, <c>end_value</c> and <c>lag</c>, which take precedence.
/// </summary>
internal static class RestCursorSettings
{
    public static ResourceHints Complete(ResourceHints hints, string resource, SourceSettings? settings)
    {
        if (settings is null || hints.Incremental is not { } cursor) return hints;
        return hints with
        {
            Incremental = cursor with
            {
                InitialValue = Of("initial_value") ?? cursor.InitialValue,
                EndValue = Of("end_value") ?? cursor.EndValue,
                PlainLag = Of("lag") is { Kind: JsonKind.Integer or JsonKind.Real } lag
                    ? lag.AsDouble()
                    : cursor.PlainLag,
            },
        };

        JsonValue? Of(string name) => settings.OfIncremental(resource, name);
    }
}

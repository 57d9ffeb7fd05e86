namespace Dlt.Sources.Cursors;

/// <summary>Checks the bounds of a cursor and applies its lag.</summary>
internal static class CursorBounds
{
    /// <summary>Checks that the bounds are a range, and that there is one kind of lag.</summary>
    /// <exception cref="IncrementalException">The settings contradict each other.</exception>
    public static void Check(Incremental settings, JsonValue? initial, JsonValue? end, Func<string, IncrementalException> problem)
    {
        if (settings is { Lag: not null, NumericLag: not null })
            throw problem("it has a Lag and a NumericLag. Keep Lag for dates and times, or NumericLag for numbers.");
        if (settings is { Lag: { Ticks: < 0 } } or { NumericLag: < 0 or double.NaN } or { PlainLag: < 0 or double.NaN })
            throw problem("its lag is negative, so items would be left out. Give the time or the amount to go back as 0 or more.");
        if (end is null) return;
        if (initial is null)
            throw problem("there is an end value (end_value) without an initial value. Set InitialValue (initial_value) as well.");
        var toEnd = new CursorRange(settings, problem).Order(
            DataValue.FromJson(initial)!.Value, DataValue.FromJson(end)!.Value, "the end value");
        if (toEnd > 0)
        {
            throw problem($"the initial value {CursorTexts.Of(initial)} is beyond the end value {CursorTexts.Of(end)}. Exchange them, or "
                + "choose the other LastValueFunc.");
        }
    }

    /// <summary>Returns the last value with the lag.</summary>
    /// <exception cref="IncrementalException">The lag does not apply to the type of the value.</exception>
    public static JsonValue Lagged(JsonValue last, JsonValue? initial, Incremental settings, Func<string, IncrementalException> problem)
    {
        try
        {
            return CursorLag.Apply(last, initial, settings);
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or OverflowException)
        {
            // Further back than times and numbers go, and so beyond the initial value.
            return initial
                ?? throw problem($"its lag leads from {CursorTexts.Of(last)} to a value that cannot be written. Make it smaller.");
        }
        catch (FormatException error)
        {
            throw problem(error.Message);
        }
    }
}

using System.Globalization;

namespace Dlt.Sources.Cursors;

/// <summary>Texts about the items of a cursor for people.</summary>
internal static class CursorTexts
{
    /// <summary>Items came late.</summary>
    /// <param name="rows">Number of items.</param>
    /// <param name="place">Where they are: <c>before 7</c>.</param>
    public static string Late(long rows, string place) => string.Create(CultureInfo.InvariantCulture,
        $"{rows} item(s) {place}, where this run begins, were not loaded. If they came late, set Lag (or NumericLag) so that each run "
        + $"reads again what may come late, and load with merge; or load their range once with InitialValue and EndValue.");

    /// <summary>The state gets large.</summary>
    public static string ManyAtBorder(int hashes, JsonValue? last) => string.Create(CultureInfo.InvariantCulture,
        $"{hashes} items have the last value {Of(last)}, and the state keeps a hash of each, so that the next run does not load them "
        + $"again. Use a field with a finer value; or set PrimaryKey = [] and load with merge.");

    /// <summary>The state would get too large.</summary>
    public static string TooManyAtBorder(JsonValue? last) => string.Create(CultureInfo.InvariantCulture,
        $"more than {CursorDeduplication.MaxHashes} items have the last value {Of(last)}. To tell them from new ones, the state would need "
        + $"a hash of each. Use a field with a finer value; or set PrimaryKey = [] and load with merge, which replaces what comes "
        + $"again; or load whole ranges with EndValue.");

    /// <summary>The data and the bound do not both have an offset.</summary>
    public static string OtherAwareness(in CursorSample first, in CursorSample bound) => string.Create(CultureInfo.InvariantCulture,
        $"the value {first.ToValue()} of the data has {(first.IsNaive ? "no" : "an")} offset, and the bound {bound.ToValue()} "
        + $"has {(bound.IsNaive ? "none" : "one")}. The one without is taken as UTC. If it is in another time zone, convert it "
        + $"in the resource.");

    /// <summary>A value of the state as text.</summary>
    public static string Of(JsonValue? value) => value is null ? "none" : DataValue.FromJson(value)?.ToString() ?? "null";
}

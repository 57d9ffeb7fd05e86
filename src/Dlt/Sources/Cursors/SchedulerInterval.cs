using System.Globalization;
using Dlt.Internal;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>
/// The interval of an external scheduler: from the arguments of a program, or from <c>DLT_INTERVAL_START</c>, <c>DLT_INTERVAL_END</c> and
/// <c>DLT_INTERVAL_TIMEZONE</c> (docs/spec/pipeline.md 8.6).
/// </summary>
/// <param name="Start">Start, which is part of the interval.</param>
/// <param name="End">End, which is not part of the interval.</param>
internal sealed record SchedulerInterval(Timestamp Start, Timestamp End)
{
    private const string StartName = "DLT_INTERVAL_START";
    private const string EndName = "DLT_INTERVAL_END";
    private const string ZoneName = "DLT_INTERVAL_TIMEZONE";
    private const string AllowName = "DLT_ALLOW_EXTERNAL_SCHEDULERS";

    /// <summary>Returns whether cursors take the interval that do not say it themselves.</summary>
    /// <exception cref="ConfigurationException">The variable is not a boolean.</exception>
    public static bool IsAllowed(Func<string, string?> environment)
    {
        if (ProgramInterval.Current is not null) return true;
        if (environment(AllowName) is not { Length: > 0 } text) return false;
        if (DataValue.Text(text).TryConvert(DataType.Bool, out var flag)) return flag.AsBool;
        throw Wrong(AllowName, text, "true or false");
    }

    /// <summary>Reads the interval; null when there is none, or only one of its ends.</summary>
    /// <exception cref="ConfigurationException">A value is not valid, or the end is before the start.</exception>
    public static SchedulerInterval? Read(Func<string, string?> environment)
    {
        var given = ProgramInterval.Current;
        var (start, end) = given is { } argument ? argument : (environment(StartName), environment(EndName));
        if (start is not { Length: > 0 } || end is not { Length: > 0 }) return null;
        var zone = Zone(environment(ZoneName));
        var interval = new SchedulerInterval(
            Parse(given is null ? StartName : "--interval-start", start, zone),
            Parse(given is null ? EndName : "--interval-end", end, zone));
        if (interval.Start.UtcMicros <= interval.End.UtcMicros) return interval;
        throw new ConfigurationException(
            $"The interval of the scheduler ends at {end}, before its start at {start}. Nothing was extracted. Exchange them.")
        {
            Fields = [StartName, EndName],
        };
    }

    /// <summary>
    /// Returns a cursor with the bounds of the interval, narrowed by its own ones. It has an end, so it leaves the state as it is.
    /// </summary>
    /// <exception cref="IncrementalException">The values of the cursor are not of a type that a time can become.</exception>
    public Incremental Join(Incremental cursor, JsonValue? initial, JsonValue? ownEnd, Func<string, IncrementalException> problem)
    {
        if (initial is null)
        {
            throw problem("it takes the interval of a scheduler, but has no initial value, which says whether its values are times, dates, "
                + "texts or numbers. Set InitialValue.");
        }

        var isMax = cursor.LastValueFunc == LastValueFunc.Max;
        var (first, last) = isMax ? (Start, End) : (End, Start);
        var range = new CursorRange(cursor, problem);
        var start = Later(InForm(first, initial, problem), initial, range);
        var end = InForm(last, initial, problem);
        if (ownEnd is not null && Order(end, ownEnd, range) > 0) end = ownEnd;
        if (Order(start, end, range) > 0) start = end;   // the interval is outside the cursor's own bounds: nothing is loaded
        return cursor with { InitialValue = start, EndValue = end };
    }

    private static JsonValue InForm(Timestamp time, JsonValue like, Func<string, IncrementalException> problem)
    {
        var isNumberOrTime = DataValue.FromJson(like)?.Type
            is DataType.Timestamp or DataType.Date or DataType.Bigint or DataType.Double or DataType.Text;
        if (isNumberOrTime && CursorForm.Convert(TypedJson.Encode(DataValue.Timestamp(time)), like) is { } value) return value;
        throw problem($"it takes the interval of a scheduler, but its initial value {CursorTexts.Of(like)} is no time, date, number of "
            + "seconds or text in an ISO form. Set InitialValue to one, or AllowExternalSchedulers = false.");
    }

    private static JsonValue Later(JsonValue value, JsonValue other, CursorRange range) => Order(value, other, range) >= 0 ? value : other;

    private static int Order(JsonValue value, JsonValue other, CursorRange range) =>
        range.Order(DataValue.FromJson(value)!.Value, DataValue.FromJson(other)!.Value, "the bound");

    private static Timestamp Parse(string name, string text, TimeZoneInfo zone)
    {
        if (!IsoDateTime.TryParse(text, out var time, out var hasDate, out _) || !hasDate)
            throw Wrong(name, text, "a date and time such as 2024-01-01T00:00:00Z");
        var utc = DateTimeOffset.UnixEpoch.AddTicks(time.UtcMicros * TimeSpan.TicksPerMicrosecond);
        return Timestamp.From(TimeZoneInfo.ConvertTime(utc, zone));
    }

    private static TimeZoneInfo Zone(string? name)
    {
        if (name is not { Length: > 0 }) return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : throw Wrong(ZoneName, name, "a time zone such as Europe/Berlin");
    }

    private static ConfigurationException Wrong(string name, string text, string wanted) => new(string.Create(
        CultureInfo.InvariantCulture, $"{name} is '{text}', which is not {wanted}. Nothing was extracted. Correct it and run again."))
    {
        Fields = [name],
    };
}

using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Items;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Settings of one cursor: those of the code, overridden by <c>sources.&lt;source&gt;.&lt;resource&gt;.&lt;cursor&gt;.…</c> in the
/// configuration, and joined with the interval of an external scheduler (docs/spec/pipeline.md 8.1, 8.6).
/// </summary>
internal sealed class CursorSettings
{
    private const string AnyCursor = "incremental";   // the name of cursors whose path is no field

    private readonly DltConfiguration _configuration;
    private readonly string _pipeline;
    private readonly string _resource;
    private readonly Incremental _declared;
    private readonly List<string[]> _paths;

    private CursorSettings(DltConfiguration configuration, string pipeline, string source, string resource, Incremental declared)
    {
        (_configuration, _pipeline, _resource, _declared) = (configuration, pipeline, resource, declared);
        string[] names = declared.IsField ? [declared.CursorPath, AnyCursor] : [AnyCursor];
        _paths = [.. names.Select(n => new[] { "sources", source, resource, n }), .. names.Select(n => new[] { "sources", source, n })];
    }

    /// <summary>Returns the cursor as this run uses it.</summary>
    /// <exception cref="ConfigurationException">A setting is not valid.</exception>
    /// <exception cref="IncrementalException">The cursor asks for an interval, and there is none, or it does not fit.</exception>
    public static Incremental Resolve(
        Incremental declared, DltConfiguration configuration, string pipeline, string source, string resource) =>
        new CursorSettings(configuration, pipeline, source, resource, declared).Resolve();

    private Incremental Resolve()
    {
        var like = ItemWriter.ToJson(_declared.InitialValue) ?? ItemWriter.ToJson(_declared.EndValue);
        var initial = Bound("initial_value", like);
        like ??= initial;
        var end = Bound("end_value", like);
        var cursor = _declared with
        {
            InitialValue = initial ?? _declared.InitialValue,
            EndValue = end ?? _declared.EndValue,
            LastValueFunc = Word("last_value_func", _declared.LastValueFunc),
            RowOrder = WordOrNull("row_order", _declared.RowOrder),
            RangeStart = Word("range_start", _declared.RangeStart),
            RangeEnd = Word("range_end", _declared.RangeEnd),
            OnCursorValueMissing = Word("on_cursor_value_missing", _declared.OnCursorValueMissing),
            PrimaryKey = Names("primary_key") ?? _declared.PrimaryKey,
            AllowExternalSchedulers = Flag("allow_external_schedulers") ?? _declared.AllowExternalSchedulers,
        };
        return Joined(WithLag(cursor, like));
    }

    private Incremental Joined(Incremental cursor)
    {
        var environment = _configuration.Context.Environment;
        if (!(cursor.AllowExternalSchedulers ?? SchedulerInterval.IsAllowed(environment))) return cursor;
        if (SchedulerInterval.Read(environment) is { } interval)
            return interval.Join(cursor, ItemWriter.ToJson(cursor.InitialValue), ItemWriter.ToJson(cursor.EndValue), Problem);
        throw Problem("it takes the interval of an external scheduler, and there is none. Set DLT_INTERVAL_START and DLT_INTERVAL_END, "
            + "give --interval-start and --interval-end to the program, or set allow_external_schedulers = false to load by the state.");
    }

    private Incremental WithLag(Incremental cursor, JsonValue? like)
    {
        if (Find("lag", out var key) is not { } value) return cursor;
        var number = ConfigurationValues.TryCoerce(value, ConfigurationType.Double, out var real) ? real.AsDouble() : (double?)null;
        if (number is not null && (CursorForm.IsNumber(like) || (like is null && _declared.Lag is null)))
            return cursor with { NumericLag = number, Lag = null };
        if (number is { } days && CursorForm.IsDay(like)) return cursor with { Lag = TimeSpan.FromDays(days), NumericLag = null };
        if (DurationText.TryParse(value, out var span)) return cursor with { Lag = span, NumericLag = null };
        throw Wrong(key, value, "a number, or a time such as 01:30:00");
    }

    private JsonValue? Bound(string name, JsonValue? like)
    {
        if (Find(name, out var key) is not { } value) return null;
        var isText = value.Kind == JsonKind.String && !Types.TypedJson.HasMarker(value.AsString());
        if (like is null) return isText ? ConfigurationValues.Guess(value) : value;
        return CursorForm.Convert(value, like)
            ?? throw Wrong(key, value, $"of the type of the cursor's other bound {CursorTexts.Of(like)}");
    }

    private T Word<T>(string name, T otherwise)
        where T : struct, Enum => WordOrNull<T>(name, null) ?? otherwise;

    private T? WordOrNull<T>(string name, T? otherwise)
        where T : struct, Enum
    {
        if (Find(name, out var key) is not { } value) return otherwise;
        var names = Enum.GetNames<T>();
        var found = value.Kind == JsonKind.String
            ? Array.FindIndex(names, n => n.Equals(value.AsString(), StringComparison.OrdinalIgnoreCase)) : -1;
        return found >= 0 ? Enum.GetValues<T>()[found] : throw Wrong(key, value, $"one of {string.Join(", ", names).ToLowerInvariant()}");
    }

    private bool? Flag(string name)
    {
        if (Find(name, out var key) is not { } value) return null;
        return ConfigurationValues.TryCoerce(value, ConfigurationType.Bool, out var flag)
            ? flag.AsBool()
            : throw Wrong(key, value, "true or false");
    }

    private ImmutableArray<string>? Names(string name)
    {
        if (Find(name, out var key) is not { } value) return null;
        if (ConfigurationValues.TryCoerce(value, ConfigurationType.List, out var list) && list.Items.All(i => i.Kind == JsonKind.String))
            return [.. list.Items.Select(i => i.AsString())];
        return value.Kind == JsonKind.String ? [value.AsString()] : throw Wrong(key, value, "a name or a list of names");
    }

    private JsonValue? Find(string name, out string key)
    {
        var trace = new List<LookupStep>();
        var value = _configuration.Find(name, _paths, _pipeline, isSecret: false, trace);
        key = trace.FindLast(s => s.IsHit) is { } hit ? $"{hit.Key} ({hit.Provider})" : name;
        return value is { IsNull: true } ? null : value;
    }

    private ConfigurationException Wrong(string key, JsonValue value, string wanted) =>
        new($"{key} is '{CursorTexts.Of(value)}', which is not {wanted}. Nothing was extracted. Correct it and run again.");

    private IncrementalException Problem(string reason) => new(_resource, _declared.CursorPath, reason);
}

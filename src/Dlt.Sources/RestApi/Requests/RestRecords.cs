using System.Collections.Immutable;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>The records of an answer: as text where nothing has to look into them.</summary>
internal sealed class RestRecords
{
    private readonly RestAnswer _answer;
    private readonly RestEnvelope _envelope;
    private readonly ReadOnlyMemory<byte>? _text;

    private RestRecords(RestAnswer answer, RestEnvelope envelope, ReadOnlyMemory<byte>? text, ImmutableArray<JsonValue> values)
    {
        (_answer, _envelope, _text) = (answer, envelope, text);
        Count = values.Length;
        Values = text is null ? values : default;
    }

    /// <summary>Number of records.</summary>
    public int Count { get; }

    /// <summary>The records, parsed.</summary>
    public ImmutableArray<JsonValue> Values
    {
        get => field.IsDefault ? field = JsonValue.Parse(_text!.Value.Span, _answer.Url).Items : field;
        private init;
    }

    /// <summary>The records as an item of an extraction: text when they are a list in the answer, values otherwise.</summary>
    public object Items => _text is { } text ? new RawJson(text, _answer.Url) : Values;

    /// <summary>The body of the answer, whose lists may have no values.</summary>
    public JsonValue Envelope => _envelope.Root;

    /// <summary>True when the records are a list of the answer, not the answer itself.</summary>
    public bool AreList => _text is not null || Count == 0;

    /// <summary>Selects the records of an answer.</summary>
    /// <exception cref="JsonFormatException">The answer is not JSON.</exception>
    public static RestRecords Of(RestAnswer answer, RestSelection selection)
    {
        var envelope = RestEnvelope.Parse(answer.Body, answer.Url);
        if (selection.Path is { Names.IsDefault: true }) return new(answer, envelope, null, selection.Select(answer.Json));
        var found = selection.Select(envelope.Root);
        if (envelope.TextOf(found) is { } text) return new(answer, envelope, text, found);
        var hasLists = envelope.Lists.Count > 0 && found.Length > 0;
        return new(answer, envelope, null, hasLists ? selection.Select(answer.Json) : found);
    }

    /// <summary>Returns the body in which a path can be followed.</summary>
    public JsonValue BodyFor(CursorPath path) => path.Names.IsDefault ? _answer.Json : _envelope.Root;

    /// <summary>Returns whether another page has the same records.</summary>
    public bool AreSameAs(RestRecords other)
    {
        if (Count != other.Count) return false;
        if (_text is { } text && other._text is { } otherText) return text.Span.SequenceEqual(otherText.Span);
        return Values.SequenceEqual(other.Values);
    }
}

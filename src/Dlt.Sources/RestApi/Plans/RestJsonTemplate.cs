using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>A JSON value whose texts and names may have placeholders.</summary>
/// <param name="Value">The value when it has no placeholder; null otherwise.</param>
/// <param name="Text">The template of a text; null for other values.</param>
/// <param name="Items">Elements of a list; default for other values.</param>
/// <param name="Members">Members of an object; default for other values.</param>
internal sealed record RestJsonTemplate(
    JsonValue? Value, RestTemplate? Text, ImmutableArray<RestJsonTemplate> Items,
    ImmutableArray<(RestTemplate Name, RestJsonTemplate Value)> Members)
{
    /// <summary>Compiles a value.</summary>
    /// <param name="value">The value with placeholders.</param>
    /// <param name="parse">Compiles a text or the name of a member.</param>
    public static RestJsonTemplate Of(JsonValue value, Func<string, RestTemplate> parse)
    {
        switch (value.Kind)
        {
            case JsonKind.String:
                var text = parse(value.AsString());
                return text.Placeholders.Any()
                    ? new(null, text, default, default)
                    : Constant(JsonValue.String(text.Fill(_ => JsonValue.Null)));
            case JsonKind.Array:
                ImmutableArray<RestJsonTemplate> items = [.. value.Items.Select(i => Of(i, parse))];
                return items.All(i => i.Value is not null)
                    ? Constant(JsonValue.Array([.. items.Select(i => i.Value!)]))
                    : new(null, null, items, default);
            case JsonKind.Object:
                ImmutableArray<(RestTemplate Name, RestJsonTemplate Value)> members =
                    [.. value.Members.Select(m => (parse(m.Key), Of(m.Value, parse)))];
                return members.All(m => m.Value.Value is not null && !m.Name.Placeholders.Any())
                    ? Constant(JsonValue.Object(members.Select(m => KeyValuePair.Create(m.Name.Fill(_ => JsonValue.Null), m.Value.Value!))))
                    : new(null, null, default, members);
            default:
                return Constant(value);
        }
    }

    /// <summary>The placeholders in it.</summary>
    public IEnumerable<RestPlaceholder> Placeholders =>
        Text is { } text ? text.Placeholders
        : !Items.IsDefault ? Items.SelectMany(i => i.Placeholders)
        : !Members.IsDefault ? Members.SelectMany(m => m.Name.Placeholders.Concat(m.Value.Placeholders))
        : [];

    /// <summary>Returns the value with all placeholders replaced. A text that is one placeholder keeps the type of its value.</summary>
    /// <param name="value">Returns the value of a placeholder.</param>
    public JsonValue Fill(Func<RestPlaceholder, JsonValue> value)
    {
        if (Value is not null) return Value;
        if (Text is not null) return Text.Single is { } single ? value(single) : JsonValue.String(Text.Fill(value));
        return Items.IsDefault
            ? JsonValue.Object(Members.Select(m => KeyValuePair.Create(m.Name.Fill(value), m.Value.Fill(value))))
            : JsonValue.Array([.. Items.Select(i => i.Fill(value))]);
    }

    private static RestJsonTemplate Constant(JsonValue value) => new(value, null, default, default);
}

using System.Collections.Immutable;

namespace Dlt.Sources.State;

/// <summary>
/// A list of texts in the state that grows one text at a time. It keeps a set for look-ups, and does not copy the list for each text.
/// </summary>
internal sealed class StateTexts
{
    private readonly ImmutableArray<JsonValue>.Builder _items = ImmutableArray.CreateBuilder<JsonValue>();
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>Creates the list from a stored value.</summary>
    /// <param name="value">Value in the state. Anything but a list is treated as an empty list.</param>
    public StateTexts(JsonValue? value)
    {
        if (value is not { Kind: JsonKind.Array }) return;
        _items.AddRange(value.Items);
        foreach (var item in value.Items)
        {
            if (item.Kind == JsonKind.String) _texts.Add(item.AsString());
        }
    }

    /// <summary>True when texts were added since the last <see cref="Take"/>.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Adds a text unless the list contains it.</summary>
    /// <returns>False when the list contained the text already.</returns>
    public bool TryAdd(string text)
    {
        if (!_texts.Add(text)) return false;
        _items.Add(JsonValue.String(text));
        IsChanged = true;
        return true;
    }

    /// <summary>Returns the list as a value for the state.</summary>
    public JsonValue Take()
    {
        IsChanged = false;
        return JsonValue.Array(_items.ToImmutable());
    }
}

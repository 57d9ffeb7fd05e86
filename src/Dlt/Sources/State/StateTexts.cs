using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.State;

/// <summary>
/// A list of texts in the state that grows one by one: with a set beside it, and without a copy of the list for each text.
/// </summary>
internal sealed class StateTexts
{
    private readonly ImmutableArray<JsonValue>.Builder _items = ImmutableArray.CreateBuilder<JsonValue>();
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <param name="value">The value as the state has it; anything but a list counts as an empty one.</param>
    public StateTexts(JsonValue? value)
    {
        if (value is not { Kind: JsonKind.Array }) return;
        _items.AddRange(value.Items);
        foreach (var item in value.Items)
            if (item.Kind == JsonKind.String) _texts.Add(item.AsString());
    }

    /// <summary>True when the state lacks what was added.</summary>
    public bool IsChanged { get; private set; }

    /// <returns>False when it was there.</returns>
    public bool TryAdd(string text)
    {
        if (!_texts.Add(text)) return false;
        _items.Add(JsonValue.String(text));
        IsChanged = true;
        return true;
    }

    /// <summary>The list for the state.</summary>
    public JsonValue Take()
    {
        IsChanged = false;
        return JsonValue.Array(_items.ToImmutable());
    }
}

using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Documents;

/// <summary>A value of a description, with its place. Reading it as something else is an error that names the place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">The place, such as <c>resources[1].endpoint</c>; empty for the whole description.</param>
/// <param name="Origin">The description.</param>
internal sealed record DocumentNode(JsonValue Value, string Place, DocumentOrigin Origin)
{
    /// <summary>Last name of the place, for secrets.</summary>
    public string Name => Place[(Place.LastIndexOfAny(['.', ']']) + 1)..];

    public bool IsObject => Value.Kind == JsonKind.Object;

    public bool IsText => Value.Kind == JsonKind.String;

    /// <summary>True when a variable is in the text, which is then not shown.</summary>
    public bool IsVariable => Origin.Variables.Contains(Place);

    /// <summary>The value; a number or boolean where it is the text of a variable, which has no type.</summary>
    public JsonValue Guessed => IsVariable && IsText ? Configuration.ConfigurationValues.Guess(Value) : Value;

    /// <summary>Creates the error of this value.</summary>
    public ConfigurationException Error(string what) => Origin.Error(Place, what);

    /// <summary>The member of an object; null when it does not exist or is null.</summary>
    public DocumentNode? this[string name] =>
        Value[name] is { IsNull: false } value ? new(value, Place.Length == 0 ? name : $"{Place}.{name}", Origin) : null;

    /// <summary>True when the object has the member, even with the value null.</summary>
    public bool Has(string name) => Value.Members.Contains(name);

    /// <summary>The member of an object.</summary>
    /// <exception cref="ConfigurationException">It does not exist, or is null.</exception>
    public DocumentNode Required(string name) => this[name] ?? throw Error(
        Has(name) ? $"has null as '{name}', which must have a value." : $"lacks '{name}', which is required.");

    /// <summary>Members of the object, in their order.</summary>
    public IEnumerable<(string Name, DocumentNode Value)> Members() => Object().Value.Members
        .Select(m => (m.Key, new DocumentNode(m.Value, Place.Length == 0 ? m.Key : $"{Place}.{m.Key}", Origin)));

    /// <exception cref="ConfigurationException">The value is not an object.</exception>
    public DocumentNode Object() => IsObject ? this : throw Wrong("an object (names and values)");

    /// <summary>Checks that an object has no other names than these.</summary>
    /// <exception cref="ConfigurationException">The value is not an object, or has a name that is not known.</exception>
    public DocumentNode Object(IReadOnlyCollection<string> known)
    {
        foreach (var name in Object().Value.Members.Names)
        {
            if (known.Contains(name)) continue;
            var near = Internal.NearestName.Near(name, known) is { } nearest ? $" The nearest one is '{nearest}'." : "";
            throw Error($"has the unknown key '{name}'.{near} Known are {string.Join(", ", known)}.");
        }

        return this;
    }

    /// <exception cref="ConfigurationException">The value is not a list.</exception>
    public ImmutableArray<DocumentNode> Items() => Value.Kind != JsonKind.Array ? throw Wrong("a list")
        : [.. Value.Items.Select((item, i) => new DocumentNode(item, PlaceOf(i), Origin))];

    /// <exception cref="ConfigurationException">The value is not a text.</exception>
    public string Text() => IsText ? Value.AsString() : throw Wrong("a text");

    /// <exception cref="ConfigurationException">The value is not a boolean.</exception>
    public bool Bool() => Guessed.Kind is JsonKind.True or JsonKind.False ? Guessed.AsBool() : throw Wrong("true or false");

    /// <exception cref="ConfigurationException">The value is not an integer of 32 bits.</exception>
    public int Int() => Guessed.TryGetInt64(out var number) && number is >= int.MinValue and <= int.MaxValue
        ? (int)number
        : throw Wrong("an integer");

    /// <summary>A text or a list of texts.</summary>
    public ImmutableArray<string> Texts() => IsText ? [Text()] : [.. Items().Select(i => i.Text())];

    /// <summary>One of several words.</summary>
    /// <exception cref="ConfigurationException">The value is not one of them.</exception>
    public T Word<T>(IReadOnlyDictionary<string, T> words)
    {
        if (IsText && words.TryGetValue(Text(), out var known)) return known;
        var near = IsText && Internal.NearestName.Near(Text(), words.Keys) is { } nearest ? $" The nearest one is '{nearest}'." : "";
        throw Error($"is {Shown()}, which is not known.{near} Known are {string.Join(", ", words.Keys)}.");
    }

    /// <summary>The error of a value that has another type.</summary>
    public ConfigurationException Wrong(string wanted) => Error($"is {Shown()}, where {wanted} belongs.");

    private string PlaceOf(int item) => string.Create(CultureInfo.InvariantCulture, $"{Place}[{item}]");

    /// <summary>The value for errors; neutral when it may be a secret.</summary>
    private string Shown() => Value.Kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "a list",
        JsonKind.Null => "null",
        JsonKind.String when IsVariable => "the value of a variable, which is not shown",
        JsonKind.String when DocumentSecrets.IsSecretName(Name) => "a text that is not shown",
        JsonKind.String => Value.AsString().Length > 60 ? $"'{Value.AsString()[..60]}…'" : $"'{Value.AsString()}'",
        _ when DocumentSecrets.IsSecretName(Name) => "a value that is not shown",
        _ => Value.ToString(),
    };
}

using System.Net;
using System.Text.RegularExpressions;
using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>
/// Values of the secrets of a loaded configuration, which hides them in logs, traces and stored errors. All copies of the configuration
/// share the register, so it also knows the secrets that the program read before its pipeline existed.
/// </summary>
internal sealed partial class SecretRegister
{
    private const int ShortestSecret = 4;   // shorter values occur in ordinary words
    private const string Hidden = "…";
    private const string Destination = "destination";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _forms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Registers all values of a place for secrets, such as <c>secrets.toml</c>. Of the destination, whose settings are known, only values
    /// with the name of a secret are registered, because messages must show its region and bucket.
    /// </summary>
    public void AddPlace(JsonValue document) => Collect("", document, isDestination: false);

    /// <summary>Registers a value with everything in it.</summary>
    /// <param name="sections">Sections of the setting, outermost first.</param>
    /// <param name="name">Name of the setting.</param>
    /// <param name="value">The value: text, a number, a list or a table.</param>
    /// <param name="isSecret">True when the setting is declared as a secret.</param>
    public void Add(IEnumerable<string> sections, string name, JsonValue value, bool isSecret) =>
        Collect(name, value, isDestination: !isSecret && sections.Contains(Destination));

    /// <summary>
    /// Returns a text, such as an error message, without the registered secrets, and without user, password, query and fragment of URLs.
    /// </summary>
    public string Hide(string text)
    {
        lock (_gate)
        {
            foreach (var form in _forms.OrderByDescending(f => f.Length))
                text = text.Replace(form, Hidden, StringComparison.OrdinalIgnoreCase);
        }

        return Address().Replace(text, found => SafeUrl.Of(found.Value));
    }

    private void Collect(string name, JsonValue value, bool isDestination)
    {
        switch (value.Kind)
        {
            case JsonKind.Object:
                foreach (var (key, member) in value.Members) Collect(key, member, isDestination || key == Destination);
                break;
            case JsonKind.Array:
                foreach (var item in value.Items) Collect(name, item, isDestination);
                break;
            case JsonKind.String or JsonKind.Integer or JsonKind.Real when !isDestination || SecretText.IsSecretName(name):
                AddText(value.Kind == JsonKind.String ? value.AsString() : value.ToString(), isDestination);
                break;
        }
    }

    private void AddText(string text, bool isDestination)
    {
        text = text.Trim();
        if (text.Length < ShortestSecret || Placeholders.IsPlaceholder(text)) return;
        lock (_gate)
        {
            if (!_forms.Add(text)) return;   // sources may read a secret for each page
            var quoted = JsonText.Write(JsonValue.String(text))[1..^1];   // as in a request or an answer that an error quotes
            _forms.UnionWith([Uri.EscapeDataString(text), WebUtility.UrlEncode(text), quoted]);
        }

        if (PasswordIn(text) is { } password) AddText(password, isDestination);
        if (text[0] is '{' or '[' && TryParse(text) is { } parsed) Collect("", parsed, isDestination);
    }

    /// <summary>Returns the password of a URL, which errors of a driver may quote alone; null when there is none.</summary>
    private static string? PasswordIn(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = text.LastIndexOf('@');
        if (start < 3 || end < start) return null;
        var user = text[start..end];
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : Uri.UnescapeDataString(user[(colon + 1)..]);
    }

    /// <summary>Parses credentials that are given as JSON text; null when the text is not JSON.</summary>
    private static JsonValue? TryParse(string text)
    {
        try
        {
            return JsonValue.Parse(text);
        }
        catch (JsonFormatException)
        {
            return null;
        }
    }

    [GeneratedRegex("""[A-Za-z][A-Za-z0-9+.-]*://[^\s'"<>]+""")]
    private static partial Regex Address();
}

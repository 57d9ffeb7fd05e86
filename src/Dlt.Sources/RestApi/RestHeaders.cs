using System.Collections;

namespace Dlt;

/// <summary>Headers by name, without regard to case: <c>new() { ["X-Version"] = "2" }</c>. Values may have placeholders.</summary>
public sealed class RestHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly OrderedDictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or initializes a header.</summary>
    /// <exception cref="KeyNotFoundException">There is no header of that name.</exception>
    public string this[string name]
    {
        get => _values[name];
        init => _values[name] = value;
    }

    /// <summary>Number of headers.</summary>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Creates headers from pairs. Later pairs replace earlier ones of the same name.</summary>
    internal static RestHeaders Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var headers = new RestHeaders();
        foreach (var (name, value) in pairs) headers._values[name] = value;
        return headers;
    }
}

using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Dlt;

/// <summary>Parameters by name, in their order: <c>new() { ["status"] = "open", ["limit"] = 100 }</c>.</summary>
public sealed class RestParams : IEnumerable<KeyValuePair<string, RestParam>>
{
    private readonly OrderedDictionary<string, RestParam> _values = new(StringComparer.Ordinal);

    /// <summary>Gets or initializes a parameter.</summary>
    /// <exception cref="KeyNotFoundException">There is no parameter of that name.</exception>
    public RestParam this[string name]
    {
        get => _values[name];
        init => _values[name] = value;
    }

    /// <summary>Number of parameters.</summary>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, RestParam>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Finds a parameter.</summary>
    internal bool TryGet(string name, [NotNullWhen(true)] out RestParam? value) => _values.TryGetValue(name, out value);

    /// <summary>Creates parameters from pairs. Later pairs replace earlier ones of the same name.</summary>
    internal static RestParams Of(IEnumerable<KeyValuePair<string, RestParam>> pairs)
    {
        var parameters = new RestParams();
        foreach (var (name, value) in pairs) parameters._values[name] = value;
        return parameters;
    }
}

using Dlt.Json;
using Dlt.State;

namespace Dlt;

/// <summary>
/// Values under keys that survive from run to run: <c>sources.&lt;source&gt;[.resources.&lt;resource&gt;]</c> of the pipeline's state.
/// </summary>
public sealed class ResourceState
{
    private readonly StateStore _store;
    private readonly string _source;
    private readonly string? _resource;

    internal ResourceState(StateStore store, string source, string? resource)
    {
        _store = store;
        _source = source;
        _resource = resource;
    }

    /// <summary>The value of a key; null when it is absent. Setting null removes the key.</summary>
    public JsonValue? this[string key]
    {
        get => _store.Get(_source, _resource, key);
        set => _store.Update(_source, _resource, key, _ => value);
    }

    /// <summary>Changes a value in one step, also when several tasks do.</summary>
    public void Update(string key, Func<JsonValue?, JsonValue?> change) => _store.Update(_source, _resource, key, change);

    /// <summary>Adds a text to a list unless it is there.</summary>
    /// <returns>False when it was there.</returns>
    public bool TryAddToList(string key, string text) => _store.TryAddToList(_source, _resource, key, text);
}

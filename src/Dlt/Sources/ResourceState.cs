using Dlt.Sources.State;

namespace Dlt;

/// <summary>
/// State of a resource or a source: values by key that survive from run to run, stored as
/// <c>sources.&lt;source&gt;[.resources.&lt;resource&gt;]</c> in the pipeline's state. Safe for concurrent use.
/// </summary>
public sealed class ResourceState
{
    /// <summary>
    /// Key for what a resource knows of its requests, such as the versions of answers. It outlives the reset of a replaced resource.
    /// </summary>
    internal const string RequestsKey = "_dlt_requests";

    private readonly StateStore _store;
    private readonly string _source;
    private readonly string? _resource;

    internal ResourceState(StateStore store, string source, string? resource)
    {
        _store = store;
        _source = source;
        _resource = resource;
    }

    /// <summary>Gets or sets the value of a key; null when it does not exist. Setting null removes the key.</summary>
    public JsonValue? this[string key]
    {
        get => _store.Get(_source, _resource, key);
        set => _store.Update(_source, _resource, key, _ => value);
    }

    /// <summary>Changes a value atomically, even if several tasks change it.</summary>
    public void Update(string key, Func<JsonValue?, JsonValue?> change) => _store.Update(_source, _resource, key, change);

    /// <summary>Adds a text to a list of texts, unless the list contains it.</summary>
    /// <returns>False when the list contained the text already.</returns>
    public bool TryAddToList(string key, string text) => _store.TryAddToList(_source, _resource, key, text);
}

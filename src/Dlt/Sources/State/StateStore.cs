namespace Dlt.Sources.State;

/// <summary>Holds the pipeline's state while sources run. Safe for concurrent use.</summary>
internal sealed class StateStore(JsonValue state)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Source, string? Resource, string Key), StateTexts> _lists = [];
    private JsonValue _state = state;

    /// <summary>The whole state with all changes so far.</summary>
    public JsonValue Current
    {
        get
        {
            lock (_gate)
            {
                SettleAll();
                return _state;
            }
        }
    }

    /// <summary>Returns the value of a key of a resource, or of the source if the resource is null; null when it does not exist.</summary>
    public JsonValue? Get(string source, string? resource, string key)
    {
        lock (_gate)
        {
            Settle(source, resource, key);
            return Node(source, resource)?[key];
        }
    }

    /// <summary>Adds a text to a list of texts, unless the list contains it.</summary>
    /// <returns>False when the list contained the text already.</returns>
    public bool TryAddToList(string source, string? resource, string key, string text)
    {
        lock (_gate)
        {
            var value = Node(source, resource)?[key];
            if (!_lists.TryGetValue((source, resource, key), out var list)) _lists[(source, resource, key)] = list = new(value);
            if (!list.TryAdd(text)) return false;
            if (value is not { Kind: JsonKind.Array }) Settle(source, resource, key);   // gives the key its position in the state
            return true;
        }
    }

    /// <summary>Adds an entry for the source if there is none.</summary>
    public void Touch(string source)
    {
        lock (_gate) _state = Edit(_state, "sources", sources => Edit(sources, source, s => s));
    }

    /// <summary>Changes a value atomically. Null removes the key.</summary>
    public void Update(string source, string? resource, string key, Func<JsonValue?, JsonValue?> change)
    {
        lock (_gate)
        {
            Settle(source, resource, key);
            _lists.Remove((source, resource, key));
            Change(source, resource, key, change);
        }
    }

    /// <summary>Removes the state of these resources of a source; null for the whole state of the source.</summary>
    public void Forget(string source, IReadOnlyCollection<string>? resources)
    {
        lock (_gate)
        {
            ForgetLists();
            _state = Edit(_state, "sources", sources =>
            {
                if (sources[source] is not { } node) return sources;
                if (resources is null) return sources.Without(source);
                if (node["resources"] is not { } own) return sources;
                var kept = resources.Aggregate(own, (rest, r) => rest.Without(r));
                return sources.With(source, node.With("resources", kept));
            });
        }
    }

    /// <summary>Removes the state of a resource, except what belongs to its requests (<see cref="ResourceState.RequestsKey"/>).</summary>
    public void Reset(string source, string resource)
    {
        lock (_gate)
        {
            ForgetLists();
            if (Node(source, resource) is not { } own) return;
            var kept = own[ResourceState.RequestsKey];
            _state = Edit(_state, "sources", sources =>
                Edit(sources, source, node => Edit(node, "resources", resources => kept is null
                    ? resources.Without(resource)
                    : resources.With(resource, JsonValue.Object((ResourceState.RequestsKey, kept))))));
        }
    }

    private static JsonValue Edit(JsonValue node, string name, Func<JsonValue, JsonValue> change) =>
        node.With(name, change(node[name] ?? JsonValue.EmptyObject));

    private static JsonValue Set(JsonValue node, string key, Func<JsonValue?, JsonValue?> change) =>
        change(node[key]) is { } value ? node.With(key, value) : node.Without(key);

    private void Change(string source, string? resource, string key, Func<JsonValue?, JsonValue?> change) =>
        _state = Edit(_state, "sources", sources => Edit(sources, source, node => resource is null
            ? Set(node, key, change)
            : Edit(node, "resources", resources => Edit(resources, resource, own => Set(own, key, change)))));

    private void Settle(string source, string? resource, string key)
    {
        if (_lists.TryGetValue((source, resource, key), out var list) && list.IsChanged) Change(source, resource, key, _ => list.Take());
    }

    private void SettleAll()
    {
        foreach (var (source, resource, key) in _lists.Keys) Settle(source, resource, key);
    }

    private void ForgetLists()
    {
        SettleAll();
        _lists.Clear();
    }

    private JsonValue? Node(string source, string? resource)
    {
        var node = _state["sources"]?[source];
        return resource is null ? node : node?["resources"]?[resource];
    }
}

using Dlt.Json;

namespace Dlt.State;

/// <summary>The pipeline's state while sources run; safe for several tasks.</summary>
internal sealed class StateStore(JsonValue state)
{
    private readonly Lock _gate = new();
    private JsonValue _state = state;

    public JsonValue Current
    {
        get
        {
            lock (_gate) return _state;
        }
    }

    public JsonValue? Get(string source, string? resource, string key)
    {
        lock (_gate) return Node(source, resource)?[key];
    }

    /// <summary>Makes sure that the source has an entry.</summary>
    public void Touch(string source)
    {
        lock (_gate) _state = Edit(_state, "sources", sources => Edit(sources, source, s => s));
    }

    public void Update(string source, string? resource, string key, Func<JsonValue?, JsonValue?> change)
    {
        lock (_gate)
        {
            _state = Edit(_state, "sources", sources => Edit(sources, source, node => resource is null
                ? Set(node, key, change)
                : Edit(node, "resources", resources => Edit(resources, resource, own => Set(own, key, change)))));
        }
    }

    /// <summary>Forgets the state of some resources of a source, or all of the source's.</summary>
    public void Forget(string source, IReadOnlyCollection<string>? resources)
    {
        lock (_gate)
        {
            _state = Edit(_state, "sources", sources =>
            {
                if (sources[source] is not { } node) return sources;
                if (resources is null) return sources.Without(source);
                return node["resources"] is not { } own ? sources : sources.With(source, node.With("resources", resources.Aggregate(own, (rest, r) => rest.Without(r))));
            });
        }
    }

    /// <summary>Forgets the state of a resource.</summary>
    public void Reset(string source, string resource)
    {
        lock (_gate)
        {
            if (Node(source, resource) is null) return;
            _state = Edit(_state, "sources", sources => Edit(sources, source, node => Edit(node, "resources", resources => resources.Without(resource))));
        }
    }

    private static JsonValue Edit(JsonValue node, string name, Func<JsonValue, JsonValue> change) => node.With(name, change(node[name] ?? JsonValue.EmptyObject));

    private static JsonValue Set(JsonValue node, string key, Func<JsonValue?, JsonValue?> change) => change(node[key]) is { } value ? node.With(key, value) : node.Without(key);

    private JsonValue? Node(string source, string? resource)
    {
        var node = _state["sources"]?[source];
        return resource is null ? node : node?["resources"]?[resource];
    }
}

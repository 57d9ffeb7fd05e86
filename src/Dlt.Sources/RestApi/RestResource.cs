namespace Dlt;

/// <summary>A resource of a REST API: an endpoint and the table of its records. A text converts to it: name and path.</summary>
/// <param name="Name">Name of the resource, and of its table unless the hints say otherwise.</param>
public sealed record RestResource(string Name) : RestResourceDefaults
{
    /// <summary>
    /// A resource that is written in C#, beside those of the API; null for others. REST resources may have it as their parent.
    /// </summary>
    public Resource? Ready { get; private init; }

    /// <summary>Describes a resource whose name is its path.</summary>
    public static implicit operator RestResource(string name) => FromString(name);

    /// <summary>Puts a resource that is written in C# beside those of the API.</summary>
    public static implicit operator RestResource(Resource resource) => FromResource(resource);

    /// <summary>Describes a resource whose name is its path.</summary>
    public static RestResource FromString(string name) => new(name);

    /// <summary>Puts a resource that is written in C# beside those of the API.</summary>
    public static RestResource FromResource(Resource resource) => new(resource.Name) { Ready = resource };
}
